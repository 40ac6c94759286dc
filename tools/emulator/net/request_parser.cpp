#include "emulator/net/request_parser.hpp"

#include "emulator/service/request_limits.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>

namespace bctrl::emulator {
namespace {

namespace http = boost::beast::http;

failure fault_of(boost::system::error_code const& code) {
    if (code == http::error::header_limit) return header_too_large();
    if (code == http::error::body_limit) return body_too_large();
    return {400,
            "request.malformed",
            "This is not HTTP/1.1: " + code.message() + ".",
            "Is TLS spoken to a port without it?",
            {}};
}

} // namespace

request_parser::request_parser() {
    parser_.eager(true);
    parser_.header_limit(header_limit);
    parser_.body_limit(body_limit);
}

request_parser::state request_parser::feed(std::string& bytes) {
    boost::system::error_code code;
    std::size_t used = 0;
    while (!parser_.is_done() && used < bytes.size() && !code) {
        used += parser_.put(boost::asio::buffer(bytes) + used, code);
    }
    bytes.erase(0, used);
    if (parser_.is_done()) return state::complete;
    if (!code || code == http::error::need_more) return state::needs_more;
    fault_ = fault_of(code);
    return state::failed;
}

bool request_parser::take_expectation() {
    if (expectation_taken_ || !parser_.is_header_done() || parser_.is_done()) return false;
    expectation_taken_ = true;
    return boost::beast::iequals(parser_.get()[http::field::expect], "100-continue");
}

incoming request_parser::take() {
    auto message = parser_.release();
    incoming taken{.asked = {.method = message.method_string(), .target = message.target()},
                   .keep_alive = message.keep_alive(),
                   .is_head = message.method() == http::verb::head};
    taken.asked.authorization = message[http::field::authorization];
    taken.asked.content_type = message[http::field::content_type];
    taken.asked.body = std::move(message.body());
    return taken;
}

} // namespace bctrl::emulator
