#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>

namespace bctrl::emulator {

/// What a peer got.
struct answer {
    unsigned status;
    boost::beast::http::fields headers;
    std::string text;

    boost::json::value body() const { return boost::json::parse(text); }
};

/// The text of a request with the emulator's default key.
inline std::string request_text(std::string_view method, std::string_view target,
                                std::string_view body = "", std::string_view more_headers = "") {
    std::string text{method};
    text += " " + std::string{target} + " HTTP/1.1\r\nHost: localhost\r\n";
    text += "Authorization: Bearer bctrl_emulator_key\r\n" + std::string{more_headers};
    if (!body.empty()) {
        text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
                "\r\n";
    }
    return text + "\r\n" + std::string{body};
}

/// Reads one answer from any stream.
template <class Stream>
answer read_answer(Stream& stream, boost::beast::flat_buffer& buffer) {
    boost::beast::http::response_parser<boost::beast::http::string_body> parser;
    parser.body_limit(64 * 1024 * 1024);
    boost::beast::http::read(stream, buffer, parser);
    auto message = parser.release();
    return {message.result_int(), message.base(), message.body()};
}

/// A blocking client that is no client of ours: one connection, text in, text out.
class peer {
public:
    explicit peer(std::uint16_t port) {
        socket_.connect({boost::asio::ip::address_v4::loopback(), port});
        socket_.set_option(boost::asio::ip::tcp::no_delay{true});
    }

    void send(std::string const& text) { boost::asio::write(socket_, boost::asio::buffer(text)); }
    answer receive() { return read_answer(socket_, buffer_); }

    answer ask(std::string_view method, std::string_view target, std::string_view body = "") {
        send(request_text(method, target, body));
        return receive();
    }

    /// Whether the server has closed the connection, after at most what is left to read.
    bool meets_end() {
        boost::system::error_code code;
        char byte;
        while (!code)
            socket_.read_some(boost::asio::buffer(&byte, 1), code);
        return code == boost::asio::error::eof || code == boost::asio::error::connection_reset;
    }

    void close() { socket_.close(); }
    boost::asio::ip::tcp::socket& socket() { return socket_; }

private:
    boost::asio::io_context context_;
    boost::asio::ip::tcp::socket socket_{context_};
    boost::beast::flat_buffer buffer_;
};

/// Looks again and again until something has become true; false after ten seconds.
template <class Condition>
bool eventually(Condition condition) {
    auto const end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::yield();
    }
    return true;
}

} // namespace bctrl::emulator
