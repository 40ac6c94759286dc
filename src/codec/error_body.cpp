#include "codec/error_body.hpp"

#include "codec/codec.hpp"
#include "codec/readable_text.hpp"

#include <optional>
#include <utility>

namespace bctrl::codec {
namespace {

constexpr std::size_t longest_message = 2000;
constexpr std::size_t longest_raw_text = 300;
constexpr std::size_t longest_name = 200;

json_text const* find(open_object const& object, std::string_view name) noexcept {
    for (auto const& member : object.other_members)
        if (member.name == name) return &member.value;
    return nullptr;
}

/// The text of a member that is a string; empty if it is anything else, or absent.
std::string text_in(open_object const& object, std::string_view name, std::size_t longest) {
    auto const* value = find(object, name);
    if (!value) return {};
    auto text = decode<std::string>(value->text());
    return text ? readable_text(*text, longest) : std::string{};
}

std::optional<open_object> object_in(open_object const& object, std::string_view name) {
    auto const* value = find(object, name);
    if (!value) return std::nullopt;
    auto read = decode<open_object>(value->text());
    if (!read) return std::nullopt;
    return *std::move(read);
}

void fill_if_empty(std::string& target, std::string value) {
    if (target.empty()) target = std::move(value);
}

void read_members(open_object const& object, error_body& out) {
    fill_if_empty(out.message, text_in(object, "message", longest_message));
    fill_if_empty(out.code, text_in(object, "code", longest_name));
    fill_if_empty(out.request_id, text_in(object, "requestId", longest_name));
    fill_if_empty(out.reason_class, text_in(object, "reasonClass", longest_name));
    fill_if_empty(out.hint, text_in(object, "hint", longest_message));
    auto const* details = find(object, "details");
    if (out.details.empty() && details && details->text() != "null") out.details = *details;
}

error_body read_object(open_object const& object) {
    error_body out;
    out.message = text_in(object, "error", longest_message);
    if (auto const nested = object_in(object, "error")) read_members(*nested, out);
    read_members(object, out);
    return out;
}

std::string describe_raw(std::string_view body) {
    if (auto const page = describe_html(body)) return *page;
    if (auto const text = decode<std::string>(body)) return readable_text(*text, longest_message);
    return readable_text(body, longest_raw_text);
}

} // namespace

error_body read_error_body(std::string_view body) {
    error_body out;
    if (auto const object = decode<open_object>(body)) out = read_object(*object);
    if (out.message.empty()) out.message = describe_raw(body);
    return out;
}

} // namespace bctrl::codec
