// Documents of the API: every type is asked to read every input.

#include "codec/codec.hpp"
#include "codec/error_body.hpp"
#include "codec/utf8.hpp"
#include "fuzz/fuzz.hpp"

#include <bctrl/command_page.hpp>
#include <bctrl/invocation.hpp>
#include <bctrl/operation.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace bctrl::codec {
namespace {

using fuzz::require;

bool is_utf8_in_one_line(std::string_view text) {
    return utf8_prefix(text) == text.size() && std::none_of(text.begin(), text.end(), [](char c) {
               return static_cast<unsigned char>(c) < 0x20;
           });
}

void expect_reason(decode_error const& why) {
    require(why.kind == errc::malformed_json || why.kind == errc::unexpected_document,
            "a document is malformed or unexpected");
    require(why.path.starts_with("$"), "an error names a path", why.path);
    require(!why.message.empty(), "an error says what is wrong");
}

/// What decodes encodes, and decodes to the same again.
template <class T>
void look_at(std::string_view text) {
    auto const read = decode<T>(text);
    if (!read) return expect_reason(read.error());
    auto const written = encode(*read);
    require(is_utf8_in_one_line(written), "what is written is UTF-8 in one line", written);
    auto const again = decode<T>(written);
    require(again.has_value(), "what is written can be read", written);
    require(*again == *read, "what is read again is the same", written);
    require(encode(*again) == written, "what is written again is the same", written);
}

/// What Boost.JSON's own parser makes of it, in its own words: 0e400 is no number that equals itself.
std::optional<std::string> judged_by_boost(std::string_view text) {
    boost::json::parse_options options;
    options.max_depth = decode_limits{}.depth;
    boost::json::error_code fault;
    auto const read = boost::json::parse({text.data(), text.size()}, fault, {}, options);
    if (fault) return std::nullopt;
    return boost::json::serialize(read);
}

/// Of free JSON nothing is lost or added, as a reader that nobody here wrote sees it.
void look_at_free_json(std::string_view text) {
    auto const kept = json_text::from(text);
    auto const judged = judged_by_boost(text);
    if (!kept) return require(!judged, "what is JSON is kept", text);
    require(is_utf8_in_one_line(kept->text()), "kept JSON is UTF-8 in one line", kept->text());
    require(json_text::from(kept->text()) == kept, "kept JSON is kept as it is", kept->text());
    auto const mended =
        !judged && (text.find("\\ud") != text.npos || text.find("\\uD") != text.npos);
    require(judged || mended, "what is no JSON is refused, but for lone surrogates", text);
    if (judged) require(judged_by_boost(kept->text()) == judged, "nothing is lost", kept->text());
}

/// A lower limit takes documents away and changes none.
void look_at_depth(std::string_view text) {
    constexpr decode_limits shallow{4};
    auto const flat = decode<json_text>(text, shallow);
    auto const whole = decode<json_text>(text);
    if (flat) require(whole && *whole == *flat, "a limit of the depth changes no document", text);
    if (flat || !whole) return;
    auto const nested =
        std::count_if(text.begin(), text.end(), [](char c) { return c == '[' || c == '{'; });
    require(nested > 4, "a document is too deep only if it is", text);
}

} // namespace
} // namespace bctrl::codec

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
    using namespace bctrl;
    auto const text = fuzz::as_text(data, size);
    codec::look_at<operation>(text);
    codec::look_at<operation_wait_result>(text);
    codec::look_at<invocation>(text);
    codec::look_at<invocation_wait_result>(text);
    codec::look_at<command_page>(text);
    codec::look_at<invocation_request>(text);
    codec::look_at<wait_request>(text);
    codec::look_at<codec::error_body>(text);
    codec::look_at<codec::open_object>(text);
    codec::look_at<std::string>(text);
    codec::look_at_free_json(text);
    codec::look_at_depth(text);
    return 0;
}
