#pragma once

#include "emulator/service/failure.hpp"
#include "emulator/service/message.hpp"
#include "emulator/service/world.hpp"

#include <optional>

namespace bctrl::emulator {

/// Answers requests: checks the key, finds the route, checks the body, runs the endpoint. Knows no
/// connection and reads no clock.
class service {
public:
    explicit service(world& all) : all_{all} {}

    reply handle(request const& asked, time_point now);

    /// The response to a wait that was parked.
    response finish(parking const& wait, wait_end why, time_point now);

    /// The response to something that never became a request.
    response refuse(failure const& why);

    /// When time must pass next.
    std::optional<time_point> next_due() const;

private:
    std::optional<failure> fault_of_key(request const& asked) const;
    std::optional<failure> fault_of_saving();
    reply reply_to(request const& asked, time_point now);

    world& all_;
};

} // namespace bctrl::emulator
