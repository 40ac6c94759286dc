#include "emulator/service/failure.hpp"

#include <boost/json/serialize.hpp>

#include <string_view>

namespace bctrl::emulator {
namespace {

std::string_view reason_class(unsigned status) {
    switch (status) {
        case 401:
            return "unauthorized";
        case 403:
            return "capability_denied";
        case 402:
            return "capability_limit_exceeded";
        case 404:
            return "not_found";
        case 409:
            return "conflict";
        case 429:
            return "rate_limited";
        case 502:
        case 503:
        case 504:
            return "upstream";
        default:
            return status < 500 ? "invalid_input" : "server";
    }
}

} // namespace

response to_response(failure const& f, std::string const& request_id) {
    boost::json::object const envelope{
        {"error", f.error},        {"code", f.code},
        {"requestId", request_id}, {"reasonClass", reason_class(f.status)},
        {"hint", f.hint},          {"details", f.details}};
    return {.status = f.status, .body = boost::json::serialize(envelope), .request_id = request_id};
}

} // namespace bctrl::emulator
