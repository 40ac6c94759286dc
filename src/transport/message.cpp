#include "transport/message.hpp"

#include <boost/beast/core/string.hpp>

namespace bctrl {

std::string_view wire_response::header(std::string_view name) const noexcept {
    for (auto const& each : headers)
        if (boost::beast::iequals(each.name, name)) return each.value;
    return {};
}

std::string_view wire_response::request_id() const noexcept {
    auto const id = header("x-request-id");
    return id.empty() ? header("x-bctrl-request-id") : id;
}

} // namespace bctrl
