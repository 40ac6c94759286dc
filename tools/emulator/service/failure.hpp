#pragma once

#include "emulator/service/message.hpp"

#include <boost/json/object.hpp>

#include <string>

namespace bctrl::emulator {

/// What goes into the error envelope besides the request id.
struct failure {
    unsigned status;
    std::string code;
    std::string error; ///< what is wrong, for people
    std::string hint;  ///< what to do about it, for people
    boost::json::object details{};
};

/// The response that carries a failure.
response to_response(failure const& f, std::string const& request_id);

} // namespace bctrl::emulator
