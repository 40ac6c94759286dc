#pragma once

#include "emulator/service/failure.hpp"
#include "emulator/service/message.hpp"
#include "emulator/service/target.hpp"
#include "emulator/service/world.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <variant>

namespace bctrl::emulator {

/// One request on its way through an endpoint.
struct call {
    world& all;
    target_parts const& target;
    std::string id;          ///< the `{id}` of the path, if it has one
    boost::json::value body; ///< `{}` if the request has none
    time_point now;
    std::uint64_t connection = 0; ///< the number of the one that the request came on
};

using answer = std::variant<response, parking, failure>;
using endpoint = answer (*)(call&);

enum class body_rule { refused, json };

struct route {
    std::string_view method;
    std::string_view path; ///< `{id}` stands for any segment
    body_rule body;
    endpoint run;
};

// The API's own endpoints.
answer get_operation(call& c);
answer wait_for_operation(call& c);
answer cancel_operation(call& c);
answer get_invocation(call& c);
answer wait_for_invocation(call& c);
answer cancel_invocation(call& c);
answer list_commands(call& c);

// The emulator's own.
answer create_operations(call& c);
answer create_invocations(call& c);
answer create_run(call& c);
answer reset(call& c);
answer show_stats(call& c);
answer list_connections(call& c);
answer inject_fault(call& c);

// Of a bench.
answer show_parked(call& c);
answer wait_for_parked(call& c);
answer release_held(call& c);

/// The answer to a look at the number of parked waits.
response parked_response(world const& all);

/// The answer to a wait that is over.
/// @pre the target exists
response wait_response(world const& all, resource const& target, bool timed_out, time_point now);

failure not_found(std::string_view what, std::string const& id);
failure invalid(std::string const& what, std::string const& where, std::string const& hint);

} // namespace bctrl::emulator
