// Whatever comes with a bad status, and texts of headers: both end up in errors, logs and terminals.

#include "codec/error_body.hpp"
#include "codec/readable_text.hpp"
#include "codec/utf8.hpp"
#include "fuzz/fuzz.hpp"

#include <bctrl/error.hpp>

#include <array>
#include <string>
#include <string_view>

namespace bctrl::codec {
namespace {

using fuzz::require;

constexpr std::string_view ellipsis = "\xE2\x80\xA6";

/// Characters that would write into a terminal, break a line, or turn the direction of writing.
constexpr std::array<std::string_view, 12> harmful{
    "\xE2\x80\x8E", "\xE2\x80\x8F", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAA", "\xE2\x80\xAB",
    "\xE2\x80\xAC", "\xE2\x80\xAD", "\xE2\x80\xAE", "\xE2\x81\xA6", "\xC2\x9B",     "\xC2\x85"};

void expect_readable(std::string_view text, std::size_t longest) {
    require(text.size() <= longest + ellipsis.size(), "a text is bounded", text);
    require(utf8_prefix(text) == text.size(), "a text is UTF-8", text);
    for (char const c : text)
        require(static_cast<unsigned char>(c) >= ' ' && c != '\x7f', "no control character", text);
    for (auto const each : harmful)
        require(text.find(each) == text.npos, "no character that writes elsewhere", text);
    require(text.find("  ") == text.npos, "runs of white space are one space", text);
}

void look_at_body(std::string_view text) {
    auto body = read_error_body(text);
    expect_readable(body.message, 2000);
    expect_readable(body.code, 200);
    expect_readable(body.request_id, 200);
    expect_readable(body.reason_class, 200);
    expect_readable(body.hint, 2000);
    require(body.details.empty() || json_text::from(body.details.text()) == body.details,
            "details are JSON", body.details.text());
    require(body == read_error_body(text), "the same body gives the same error");

    error_details details;
    details.call = "operations.get";
    details.message = body.message;
    details.code = body.code;
    details.request_id = body.request_id;
    details.hint = body.hint;
    auto const told = describe(errc::not_found, details);
    require(told.find_first_of("\r\n") == told.npos, "an error is one paragraph", told);
    require(told.ends_with('.') || told.ends_with('!') || told.ends_with('?'),
            "an error ends like a sentence", told);
}

void look_at_text(std::string_view text) {
    for (std::size_t const longest : {0U, 1U, 5U, 80U}) {
        auto const shown = readable_text(text, longest);
        expect_readable(shown, longest);
        require(readable_text(shown, longest + ellipsis.size()) == shown,
                "a readable text stays as it is", shown);
    }
    auto const page = describe_html(text);
    if (page) expect_readable(*page, 200);
}

} // namespace
} // namespace bctrl::codec

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
    auto const text = bctrl::fuzz::as_text(data, size);
    bctrl::codec::look_at_body(text);
    bctrl::codec::look_at_text(text);
    return 0;
}
