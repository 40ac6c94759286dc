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

/// What every answer begins with has this size. Shown less, Beast would look at nothing but the
/// end of the head from then on, and wait for it in what is no HTTP at all.
constexpr std::size_t version_size = 8;

/// A last chunk, `0` and two line ends. Shown less of it for a second time, Beast asserts.
constexpr std::size_t last_chunk_size = 5;

/// Chunks of one byte have five bytes around each.
constexpr std::size_t most_framing_per_byte = 8;

using parser = beast_http::response_parser<beast_http::string_body>;

std::uint32_t clamp_to_header_limit(std::size_t bytes) {
    constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();
    return static_cast<std::uint32_t>(bytes < most ? bytes : most);
}

failure malformed(char const* why) {
    return failure{errc::malformed_response, why};
}

failure parse_failure(error_code ec, exchange_limits const& limits) {
    if (ec == beast_http::error::header_limit)
        return failure{
            errc::header_too_large,
            "the head of the answer exceeds " + std::to_string(limits.header_bytes) + " bytes", ec};
    if (ec == beast_http::error::body_limit)
        return failure{
            errc::body_too_large,
            "the body of the answer exceeds " + std::to_string(limits.body_bytes) + " bytes", ec};
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
        // It stops behind the head, which is judged before any of the body is taken.
        reading->eager(false);
        reading->skip(to_head);
        head_wire_bytes = 0;
    }

    /// How many bytes Beast must be shown at least.
    std::size_t least_bytes() const {
        if (!reading->got_some()) return version_size;
        auto const at_chunk = !unread.empty() && reading->is_header_done() && reading->chunked();
        return at_chunk ? last_chunk_size : 1;
    }

    /// Takes what it can off the front of `bytes`; true if the answer is complete.
    outcome<bool, failure> take_off(std::string_view& bytes) {
        while (!bytes.empty()) {
            error_code ec;
            auto const in_body = reading->is_header_done();
            auto const used = reading->put(boost::asio::buffer(bytes), ec);
            bytes.remove_prefix(used);
            (in_body ? body_wire_bytes : head_wire_bytes) += used;
            if (ec == beast_http::error::need_more) break;
            if (ec) return parse_failure(ec, limits);
            if (auto refused = fault_of_size(0)) return *std::move(refused);
            if (!in_body && reading->is_header_done())
                if (auto refused = judge_head()) return *std::move(refused);
            if (!reading->is_done()) continue;
            auto done = complete();
            if (!done || *done) return done;
        }
        if (auto refused = fault_of_size(bytes.size())) return *std::move(refused);
        return false;
    }

    /// Beast bounds neither the extensions of chunks nor the trailer, and the head not to the byte.
    /// @param unused  bytes that have come and were not taken yet
    std::optional<failure> fault_of_size(std::size_t unused) const {
        auto const in_body = reading->is_header_done();
        if (head_wire_bytes + (in_body ? 0 : unused) > limits.header_bytes)
            return parse_failure(beast_http::error::header_limit, limits);
        if (!in_body) return std::nullopt;
        auto const body = reading->get().body().size();
        auto const framing_and_body = body_wire_bytes + unused;
        if (framing_and_body <= limits.header_bytes + body * (1 + most_framing_per_byte))
            return std::nullopt;
        return failure{errc::header_too_large,
                       "what surrounds the body of the answer, chunk by chunk, exceeds " +
                           std::to_string(limits.header_bytes) + " bytes"};
    }

    /// What must not be accepted although Beast does; else the head is kept, and the body may come.
    std::optional<failure> judge_head() {
        auto const& head = reading->get();
        auto const status = head.result_int();
        if (status < 100) return malformed("the answer has a status below 100");
        if (auto const faulty = fault_of_framing()) return malformed(faulty);
        if (status >= 200) {
            answer.status = static_cast<int>(status);
            for (auto const& each : head) {
                auto const name = each.name_string();
                auto const value = each.value();
                answer.headers.push_back(
                    {{name.data(), name.size()}, {value.data(), value.size()}});
            }
            if (answer.headers.size() > limits.header_fields)
                return failure{errc::header_too_large, "the head of the answer has more than " +
                                                           std::to_string(limits.header_fields) +
                                                           " fields"};
        }
        reading->eager(true);
        return std::nullopt;
    }

    /// Framing that others on the way may read in another way than we do (RFC 9112, section 6.1).
    char const* fault_of_framing() const {
        auto const& head = reading->get();
        if (head.count(beast_http::field::transfer_encoding) == 0) return nullptr;
        if (head.version() < 11) return "HTTP/1.0 has no Transfer-Encoding";
        // It was not asked for any other; and Beast takes the last of several for all of them.
        auto const only =
            boost::beast::iequals(head[beast_http::field::transfer_encoding], "chunked");
        return only ? nullptr : "the Transfer-Encoding of the answer is not \"chunked\" alone";
    }

    /// After a complete message: true if it was the answer, false if an interim one was read over.
    outcome<bool, failure> complete() {
        auto const status = reading->get().result_int();
        if (status >= 200) return true;
        if (status == 101) return malformed("the server switched protocols unasked");
        if (++interim_answers > most_interim_answers)
            return malformed("the server sends interim answers without end");
        start();
        return false;
    }

    /// Whether this answer says that a body follows that it cannot have: what follows might be taken
    /// for the next answer.
    bool announces_impossible_body() const {
        auto const length = reading->content_length();
        return answer.status == 204 && (reading->chunked() || (length && *length > 0));
    }

    exchange_limits limits;
    bool to_head;
    std::optional<parser> reading;
    wire_response answer;
    std::string unread; ///< the beginning of a line whose end has not come
    std::size_t head_wire_bytes = 0;
    std::size_t body_wire_bytes = 0;
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
    auto const least = s.least_bytes();
    // Most answers come in one piece and are parsed where they are.
    auto const in_place = s.unread.empty() && bytes.size() >= least;
    if (!in_place) {
        s.unread += bytes;
        if (s.unread.size() < least) return false;
        bytes = s.unread;
    }
    auto done = s.take_off(bytes);
    s.surplus = !bytes.empty();
    if (in_place)
        s.unread.assign(bytes);
    else
        s.unread.erase(0, s.unread.size() - bytes.size());
    return done;
}

outcome<bool, failure> response_reader::finish(bool in_order) {
    auto& s = *state_;
    if (!s.begun)
        return failure{errc::connection_lost, "the server closed the connection without an answer"};
    if (s.reading->is_header_done() && s.reading->need_eof() && in_order) {
        error_code ec;
        s.reading->put_eof(ec);
        if (!ec && s.reading->get().result_int() >= 200) return true;
    }
    return failure{errc::connection_lost, "the connection ended in the middle of the answer"};
}

bool response_reader::begun() const noexcept {
    return state_->begun;
}

bool response_reader::leaves_connection_reusable() const {
    auto const& s = *state_;
    // Beast says both of some answers; one without an end of its own cannot be followed by another.
    return s.reading->is_done() && s.reading->keep_alive() && !s.reading->need_eof() &&
           !s.surplus && !s.announces_impossible_body();
}

bool response_reader::has_surplus() const noexcept {
    return state_->surplus;
}

wire_response response_reader::take() {
    state_->answer.body = std::move(state_->reading->get().body());
    return std::move(state_->answer);
}

} // namespace bctrl::http1
