#include "model/path.hpp"

#include <bctrl/command_page.hpp>

#include <algorithm>
#include <array>
#include <vector>

namespace bctrl::model {
namespace {

/// RFC 3986, section 2.3. No <cctype>: its answers depend on the locale.
constexpr auto unreserved = [] {
    std::array<bool, 256> found{};
    for (char const c : std::string_view{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                         "0123456789-._~"})
        found[static_cast<unsigned char>(c)] = true;
    return found;
}();

constexpr bool is_unreserved(char c) noexcept {
    return unreserved[static_cast<unsigned char>(c)];
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
    auto const segment = encode_segment(id);
    std::string path;
    path.reserve(collection.size() + segment.size() + action.size());
    path.append(collection).append(segment).append(action);
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
    // Most are ids, in which nothing is to be encoded.
    auto const plain = std::find_if_not(text.begin(), text.end(), is_unreserved);
    std::string out{text.begin(), plain};
    for (auto const* at = plain; at != text.end(); ++at) {
        if (is_unreserved(*at)) {
            out += *at;
        } else {
            append_encoded(out, *at);
        }
    }
    return out;
}

} // namespace bctrl::model
