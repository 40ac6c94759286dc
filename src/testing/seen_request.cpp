#include <bctrl/testing/seen_request.hpp>

#include "codec/codec.hpp"

#include <bctrl/durable.hpp>

#include <boost/beast/core/string.hpp>

namespace bctrl::testing {

namespace {

std::string_view value_of(std::vector<header_line> const& among, std::string_view name) noexcept {
    for (auto const& [each, value] : among)
        if (boost::beast::iequals(each, name)) return value;
    return {};
}

} // namespace

std::string_view seen_request::path() const noexcept {
    return std::string_view{target}.substr(0, target.find('?'));
}

std::string_view seen_request::query() const noexcept {
    auto const mark = target.find('?');
    if (mark == std::string::npos) return {};
    return std::string_view{target}.substr(mark + 1);
}

std::string_view seen_request::header(std::string_view name) const noexcept {
    auto const own = value_of(headers, name);
    if (!own.empty() || !client_headers) return own;
    return value_of(*client_headers, name);
}

std::optional<std::chrono::milliseconds> seen_request::wait_time() const {
    auto const asked = codec::decode<wait_request>(body);
    if (!asked || !asked->timeout_ms) return std::nullopt;
    return std::chrono::milliseconds{*asked->timeout_ms};
}

} // namespace bctrl::testing
