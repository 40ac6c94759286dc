#include "transport/http1/response_reader.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace bctrl::http1 {

namespace beast_http = boost::beast::http;

namespace {

/// A server sends one or two interim answers at the most; hundreds are an attack.
constexpr int most_interim_answers = 16;

/// What every answer begins with has this size. Shown less, Beast would look at nothing but the
/// end of the head from then on, and wait for it in what is no HTTP at all.
constexpr std::size_t version_size = 8;

/// A last chunk, `0` and two line ends. Shown less of it for a second time, Beast asserts.
constexpr std::size_t last_chunk_size = 5;

using parser = beast_http::response_parser<beast_http::string_body>;

std::uint32_t clamp_to_header_limit(std::size_t bytes) {
    constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();
    return static_cast<std::uint32_t>(bytes < most ? bytes : most);
}

failure parse_failure(error_code ec) {
    if (ec == beast_http::error::header_limit)
        return failure{errc::header_too_large, "the head of the answer exceeds the limit", ec};
    if (ec == beast_http::error::body_limit)
        return failure{errc::body_too_large, "the body of the answer exceeds the limit", ec};
    return failure{errc::malformed_response, "the answer is not valid HTTP/1.1: " + ec.message(),
                   ec};
}

} // namespace

struct response_reader::state {
    state(exchange_limits const& l, bool head) : limits{l}, to_head{head} { start(); }

    void start() {
        reading.emplace();
        reading->header_limit(clamp_to_header_limit(limits.header_bytes));
        reading->body_limit(limits.body_bytes);
        reading->eager(true);
        reading->skip(to_head);
    }

    /// How many bytes Beast must be shown at least.
    std::size_t least_bytes() const {
        if (!reading->got_some()) return version_size;
        auto const at_chunk = !unread.empty() && reading->is_header_done() && reading->chunked();
        return at_chunk ? last_chunk_size : 1;
    }

    /// After a complete message: true if it was the answer, false if an interim one was read over.
    outcome<bool, failure> complete() {
        auto const status = reading->get().result_int();
        if (status >= 200) return true;
        if (status == 101)
            return failure{errc::malformed_response, "the server switched protocols unasked"};
        if (++interim_answers > most_interim_answers)
            return failure{errc::malformed_response,
                           "the server sends interim answers without end"};
        start();
        return false;
    }

    exchange_limits limits;
    bool to_head;
    std::optional<parser> reading;
    std::string unread; ///< the beginning of a line whose end has not come
    int interim_answers = 0;
    bool begun = false;
    bool surplus = false;
};

response_reader::response_reader(exchange_limits const& limits, bool to_head)
    : state_{std::make_unique<state>(limits, to_head)} {}
response_reader::~response_reader() = default;
response_reader::response_reader(response_reader&&) noexcept = default;

outcome<bool, failure> response_reader::feed(std::string_view bytes) {
    auto& s = *state_;
    s.begun = s.begun || !bytes.empty();
    // Most answers come in one piece and are parsed where they are.
    std::string joined;
    auto const least = s.least_bytes();
    if (!s.unread.empty() || bytes.size() < least) {
        s.unread += bytes;
        if (s.unread.size() < least) return false;
        joined = std::exchange(s.unread, {});
        bytes = joined;
    }
    while (!bytes.empty()) {
        error_code ec;
        auto const used = s.reading->put(boost::asio::buffer(bytes), ec);
        bytes.remove_prefix(used);
        if (ec == beast_http::error::need_more) break;
        if (ec) return parse_failure(ec);
        if (!s.reading->is_done()) continue;
        auto done = s.complete();
        if (!done) return std::move(done).error();
        if (!*done) continue;
        s.surplus = !bytes.empty();
        return true;
    }
    // Beast bounds the head, but neither the extensions of a chunk nor the trailer.
    if (bytes.size() > s.limits.header_bytes) return parse_failure(beast_http::error::header_limit);
    s.unread.assign(bytes);
    return false;
}

outcome<bool, failure> response_reader::finish(bool in_order) {
    auto& s = *state_;
    if (!s.begun)
        return failure{errc::connection_lost, "the server closed the connection without an answer"};
    if (s.reading->is_header_done() && s.reading->need_eof() && in_order) {
        error_code ec;
        s.reading->put_eof(ec);
        if (!ec) return true;
    }
    return failure{errc::connection_lost, "the connection ended in the middle of the answer"};
}

bool response_reader::begun() const noexcept {
    return state_->begun;
}

bool response_reader::leaves_connection_reusable() const {
    auto const& s = *state_;
    // Beast says both of some answers; one without an end of its own cannot be followed by another.
    return s.reading->is_done() && s.reading->keep_alive() && !s.reading->need_eof() && !s.surplus;
}

bool response_reader::has_surplus() const noexcept {
    return state_->surplus;
}

wire_response response_reader::take() {
    auto message = state_->reading->release();
    wire_response taken;
    taken.status = static_cast<int>(message.result_int());
    for (auto const& each : message) {
        auto const name = each.name_string();
        auto const value = each.value();
        taken.headers.push_back({{name.data(), name.size()}, {value.data(), value.size()}});
    }
    taken.body = std::move(message.body());
    return taken;
}

} // namespace bctrl::http1
