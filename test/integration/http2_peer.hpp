#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct nghttp2_session;

namespace bctrl::emulator {

/// What a peer knows of one of its streams.
struct http2_stream {
    unsigned status = 0;
    bool was_told_to_go_on = false; ///< got 100 Continue
    std::map<std::string, std::string> headers{};
    std::string text{};
    bool is_closed = false;
    std::uint32_t error = 0; ///< of RST_STREAM, or what GOAWAY made of it

    boost::json::value body() const { return boost::json::parse(text); }
};

/// A blocking client that is no client of ours: one HTTP/2 connection without TLS.
class http2_peer {
public:
    using header_list = std::vector<std::pair<std::string, std::string>>;

    struct good_bye {
        std::int32_t last_stream;
        std::uint32_t error;
    };

    /// @param window how much may come before the peer has read any of it
    explicit http2_peer(std::uint16_t port, std::uint32_t window = 65'535);
    ~http2_peer();

    /// Sends a request with the emulator's default key.
    /// @returns its stream
    std::int32_t send(std::string_view method, std::string const& target, std::string body = "",
                      header_list more = {});

    /// Sends a header of which the body is still to come, by `send_body`.
    std::int32_t send_head(std::string_view method, std::string const& target,
                           header_list more = {});
    void send_body(std::int32_t stream, std::string body);

    /// Submits without sending.
    void submit_reset(std::int32_t stream, std::uint32_t error = 8);
    void submit_ping();
    void flush();
    void reset(std::int32_t stream, std::uint32_t error = 8);

    /// Reads until the stream is closed.
    http2_stream const& finish(std::int32_t stream);
    http2_stream ask(std::string_view method, std::string const& target, std::string body = "") {
        return finish(send(method, target, std::move(body)));
    }

    /// Reads until that is true; false if the server closed first, or after ten seconds of silence.
    bool read_until(std::function<bool()> const& condition);

    /// Whether the server has closed the connection, after at most what is left to read.
    bool meets_end();

    http2_stream const& stream(std::int32_t id) { return streams_[id]; }
    std::optional<good_bye> const& farewell() const { return farewell_; }
    std::size_t pings_answered() const { return pings_answered_; }

    /// What the server announced last as MAX_CONCURRENT_STREAMS.
    std::uint32_t max_streams() const;

    void close() { socket_.close(); }

private:
    struct callbacks;
    struct session_end {
        void operator()(nghttp2_session* s) const;
    };

    bool read_some();
    std::int32_t submit(std::string_view method, std::string const& target, header_list more,
                        bool has_body);

    boost::asio::io_context context_;
    boost::asio::ip::tcp::socket socket_{context_};
    std::map<std::int32_t, http2_stream> streams_{};
    std::map<std::int32_t, std::string> bodies_{};
    std::optional<good_bye> farewell_{};
    std::size_t pings_answered_ = 0;
    bool has_ended_ = false;
    std::unique_ptr<nghttp2_session, session_end> session_{};
};

} // namespace bctrl::emulator
