#include "model/path.hpp"

#include <bctrl/command_page.hpp>

#include <vector>

namespace bctrl::model {
namespace {

/// RFC 3986, section 2.3. No <cctype>: its answers depend on the locale.
constexpr bool is_unreserved(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

void append_encoded(std::string& out, char c) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    auto const byte = static_cast<unsigned char>(c);
    out += '%';
    out += hex[byte >> 4];
    out += hex[byte & 0x0F];
}

std::optional<std::string> resource_path(std::string_view collection, std::string_view id,
                                         std::string_view action) {
    if (id.empty()) return std::nullopt;
    std::string path{collection};
    path += encode_segment(id);
    path += action;
    return path;
}

class query_writer {
public:
    void add(std::string_view key, std::string_view value) {
        text_ += text_.empty() ? '?' : '&';
        text_ += encode_query_part(key);
        text_ += '=';
        text_ += encode_query_part(value);
    }

    void add_all(std::string_view key, std::vector<std::string> const& values) {
        for (auto const& value : values)
            add(key, value);
    }

    std::string const& text() const noexcept { return text_; }

private:
    std::string text_;
};

} // namespace

std::optional<std::string> operation_path(std::string_view id) {
    return resource_path("/v1/operations/", id, "");
}

std::optional<std::string> operation_wait_path(std::string_view id) {
    return resource_path("/v1/operations/", id, "/wait");
}

std::optional<std::string> operation_cancel_path(std::string_view id) {
    return resource_path("/v1/operations/", id, "/cancel");
}

std::optional<std::string> invocation_path(std::string_view id) {
    return resource_path("/v1/invocations/", id, "");
}

std::optional<std::string> invocation_wait_path(std::string_view id) {
    return resource_path("/v1/invocations/", id, "/wait");
}

std::optional<std::string> invocation_cancel_path(std::string_view id) {
    return resource_path("/v1/invocations/", id, "/cancel");
}

std::optional<std::string> run_commands_path(std::string_view run_id, commands_query const& query) {
    auto path = resource_path("/v1/runs/", run_id, "/commands");
    if (!path) return std::nullopt;

    query_writer parts;
    if (query.cursor()) parts.add("cursor", *query.cursor());
    if (query.limit()) parts.add("limit", std::to_string(*query.limit()));
    if (query.order()) parts.add("order", text_of(*query.order()));
    parts.add_all("status", query.statuses());
    parts.add_all("executionMode", query.execution_modes());
    parts.add_all("include", query.includes());
    return *path + parts.text();
}

std::string encode_segment(std::string_view text) {
    if (text == ".") return "%2E";
    if (text == "..") return "%2E%2E";
    return encode_query_part(text);
}

std::string encode_query_part(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (char const c : text) {
        if (is_unreserved(c)) {
            out += c;
        } else {
            append_encoded(out, c);
        }
    }
    return out;
}

} // namespace bctrl::model
