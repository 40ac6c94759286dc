#include "transport/http2/request_head.hpp"

#include <algorithm>
#include <utility>

namespace bctrl::http2 {

namespace {

std::string small(std::string_view name) {
    std::string text{name};
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

std::string_view trimmed(std::string_view value) noexcept {
    while (value.starts_with(' '))
        value.remove_prefix(1);
    return value;
}

} // namespace

request_head::request_head(std::string_view origin_headers, bool secure)
    : scheme_{secure ? "https" : "http"} {
    constexpr std::string_view line_end = "\r\n";
    while (!origin_headers.empty()) {
        auto const end = origin_headers.find(line_end);
        add_line(origin_headers.substr(0, end));
        origin_headers.remove_prefix(std::min(origin_headers.size(), end + line_end.size()));
    }
    // Not before all are there: the fields refer to them.
    for (std::size_t n = 0; n < names_.size(); ++n)
        constant_[n].name = names_[n];
}

void request_head::add_line(std::string_view line) {
    auto const colon = line.find(':');
    auto name = small(line.substr(0, colon));
    auto const value = trimmed(line.substr(colon + 1));
    if (name == "host") {
        authority_ = value;
        return;
    }
    // A connection belongs to many requests (RFC 9113, section 8.2.2).
    if (name == "connection") return;
    names_.push_back(std::move(name));
    constant_.push_back({{}, value, true});
}

std::string_view request_head::in_small_letters(std::string_view name) {
    return texts_.emplace_back(small(name));
}

std::span<field const> request_head::fields_for(wire_request const& request) {
    texts_.clear();
    fields_.clear();
    fields_.push_back({":method", request.method});
    fields_.push_back({":scheme", scheme_});
    fields_.push_back({":authority", authority_});
    fields_.push_back({":path", request.target});
    fields_.insert(fields_.end(), constant_.begin(), constant_.end());
    for (auto const& each : request.headers)
        fields_.push_back({in_small_letters(each.name), each.value});
    auto const bodiless = request.method == "GET" || request.method == "HEAD";
    if (!request.body.empty()) fields_.push_back({"content-type", "application/json"});
    if (!request.body.empty() || !bodiless)
        fields_.push_back(
            {"content-length", texts_.emplace_back(std::to_string(request.body.size()))});
    return fields_;
}

} // namespace bctrl::http2
