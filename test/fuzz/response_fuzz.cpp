// Answers in HTTP/1.1. The first byte of an input chooses how the connection ends and whether the request was HEAD, the
// next three in which pieces the rest arrives.

#include "fuzz/fuzz.hpp"
#include "transport/http1/response_reader.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace bctrl::http1 {
namespace {

using fuzz::require;

constexpr exchange_limits small{512, 256};

enum class ending : unsigned char { none, in_order, cut };

/// What came of an answer.
struct reading {
    bool complete = false;
    bool reusable = false;
    wire_response answer;
    error_code error;
};

class arrival {
public:
    explicit arrival(std::string_view control) noexcept
        : end_{static_cast<ending>((control[0] & 0x0F) % 3)}, to_head_{(control[0] & 0x10) != 0} {
        for (std::size_t i = 0; i < sizes_.size(); ++i)
            sizes_[i] = static_cast<std::size_t>(control[i + 1] & 0x3F) + 1;
    }

    reading in_one_piece(std::string_view text) const { return read(text, {text.size()}); }
    reading byte_by_byte(std::string_view text) const { return read(text, {1}); }
    reading in_pieces(std::string_view text) const {
        return read(text, {sizes_[0], sizes_[1], sizes_[2]});
    }

private:
    reading read(std::string_view text, std::initializer_list<std::size_t> sizes) const {
        response_reader reader{small, to_head_};
        reading seen;
        outcome<bool, failure> done{false};
        for (auto size = sizes.begin(); !text.empty() && done && !*done;) {
            auto const piece = text.substr(0, *size);
            text.remove_prefix(piece.size());
            done = reader.feed(piece);
            require(reader.begun(), "an answer has begun with its first byte");
            if (++size == sizes.end()) size = sizes.begin();
        }
        if (done && !*done && end_ != ending::none) done = reader.finish(end_ == ending::in_order);
        if (!done) seen.error = done.error().code;
        seen.complete = done && *done;
        if (!seen.complete) return seen;
        // What the peer sends behind the answer forbids to go on, whether it was looked at or not.
        seen.reusable = reader.leaves_connection_reusable() && text.empty();
        seen.answer = reader.take();
        return seen;
    }

    ending end_;
    bool to_head_;
    std::array<std::size_t, 3> sizes_{};
};

void expect_sound(reading const& seen) {
    if (!seen.complete) {
        require(seen.error == error_code{} || seen.error == errc::malformed_response ||
                    seen.error == errc::header_too_large || seen.error == errc::body_too_large ||
                    seen.error == errc::connection_lost,
                "an answer fails for a reason of its own", seen.error.message());
        return;
    }
    require(seen.answer.status >= 200 && seen.answer.status <= 999, "the answer is no interim one");
    require(seen.answer.body.size() <= small.body_bytes, "the body is within its limit");
    std::size_t head = 0;
    for (auto const& each : seen.answer.headers) {
        head += each.name.size() + each.value.size();
        require(!each.name.empty(), "a header has a name");
        require(fuzz::is_visible(each.name), "a name is visible", each.name);
        require(each.value.find_first_of(std::string_view{"\r\n\0", 3}) == std::string::npos,
                "a value is one line", each.value);
    }
    // Trailers have a limit of their own.
    require(head <= 2 * small.header_bytes, "the head is within its limit");
}

/// Of several faults each cut may show another one first, or none before the end; and what surrounds
/// the chunks of a body is weighed against the part of the body that has come.
void expect_same(reading const& left, reading const& right) {
    if (left.error == errc::header_too_large || right.error == errc::header_too_large) return;
    require(left.complete == right.complete, "the cuts do not decide whether an answer is complete",
            left.error.message() + " / " + right.error.message());
    require(left.reusable == right.reusable,
            "the cuts do not decide whether a connection is reused");
    require(left.answer.status == right.answer.status, "the cuts do not change the status");
    require(left.answer.body == right.answer.body, "the cuts do not change the body");
    auto const same_field = [](header_field const& a, header_field const& b) {
        return a.name == b.name && a.value == b.value;
    };
    require(std::equal(left.answer.headers.begin(), left.answer.headers.end(),
                       right.answer.headers.begin(), right.answer.headers.end(), same_field),
            "the cuts do not change the headers");
}

} // namespace
} // namespace bctrl::http1

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
    using namespace bctrl::http1;
    constexpr std::size_t control_size = 4;
    if (size <= control_size) return 0;
    auto const input = bctrl::fuzz::as_text(data, size);
    arrival const how{input.substr(0, control_size)};
    auto const text = input.substr(control_size);
    auto const whole = how.in_one_piece(text);
    expect_sound(whole);
    expect_same(whole, how.in_pieces(text));
    expect_same(whole, how.byte_by_byte(text));
    return 0;
}
