#include "transport/tunnel/http_tunnel.hpp"

#include "base/wipe.hpp"
#include "transport/http1/response_reader.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace bctrl::tunnel {

namespace {

using net::direction;
using net::readiness;
using status = net::transfer::status;

/// The head of an answer to CONNECT is some lines long. The body of a refusal is not read.
constexpr exchange_limits answer_limits{16 * 1024, 1};

constexpr std::size_t bytes_at_a_time = 1024;

std::string authority(std::string const& host, unsigned short port) {
    auto const bracketed = host.find(':') != std::string::npos;
    std::string text{bracketed ? "[" : ""};
    text.append(host).append(bracketed ? "]:" : ":").append(std::to_string(port));
    return text;
}

/// Text that may hold a password, however the frame that it stands in ends.
struct secret_text {
    explicit secret_text(std::string held) : text{std::move(held)} {}
    secret_text(secret_text const&) = delete;
    secret_text& operator=(secret_text const&) = delete;
    ~secret_text() { wipe(text); }

    std::string text;
};

} // namespace

http_tunnel::http_tunnel(proxy_settings proxy, std::string const& host, unsigned short port)
    : asked_{authority(proxy.host, proxy.port), authority(host, port),
             !proxy.authorization.empty()},
      authorization_{std::move(proxy.authorization)} {}

std::string http_tunnel::request_text() const {
    std::string text;
    // In one piece: memory given back while it grows would keep the password.
    text.reserve(128 + 2 * asked_.target.size() + authorization_.reveal().size());
    text.append("CONNECT ").append(asked_.target).append(" HTTP/1.1\r\n");
    text.append("Host: ").append(asked_.target).append("\r\n");
    if (asked_.with_credentials)
        text.append("Proxy-Authorization: ").append(authorization_.reveal()).append("\r\n");
    text.append("\r\n");
    return text;
}

failure http_tunnel::failed(errc what, std::string const& text, error_code cause) const {
    return {what, "the proxy " + asked_.proxy + " " + text, cause};
}

task<outcome<void, failure>> http_tunnel::open(net::stream& on, stop_signal& stop) const {
    secret_text const request{request_text()};
    std::string_view unsent{request.text};
    http1::response_reader reader{answer_limits, true};
    std::array<char, bytes_at_a_time> bytes;
    while (!stop.requested()) {
        auto const writes = !unsent.empty();
        auto const step = writes ? on.try_write(unsent) : on.try_read(bytes);
        if (step.waits()) {
            readiness ready{on, writes ? direction::write : direction::read, stop};
            co_await ready;
            continue;
        }
        if (step.what != status::moved)
            co_return failed(errc::proxy_failed,
                             "closed the connection when asked for " + asked_.target, step.error);
        if (writes) {
            unsent.remove_prefix(step.bytes);
            continue;
        }
        auto const done = reader.feed({bytes.data(), step.bytes});
        if (!done)
            co_return failed(errc::malformed_response,
                             "does not speak as an HTTP proxy does: " + done.error().message,
                             done.error().cause);
        if (!*done) continue;
        // Behind TLS the client speaks first: what came already is none of the host's.
        auto const surplus = reader.has_surplus();
        auto refused = refusal(reader.take().status, asked_);
        if (refused) co_return std::move(*refused);
        if (surplus)
            co_return failed(errc::malformed_response, "sends more than the answer to CONNECT");
        co_return outcome<void, failure>{};
    }
    co_return failure{stop_error(stop.reason()),
                      "stopped while asking the proxy " + asked_.proxy + " for " + asked_.target};
}

} // namespace bctrl::tunnel
