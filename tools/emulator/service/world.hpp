#pragma once

#include "emulator/model/calendar.hpp"
#include "emulator/model/identifiers.hpp"
#include "emulator/model/store.hpp"
#include "emulator/service/parked_waits.hpp"

#include <bctrl/emulator/server.hpp>

#include <cstdint>
#include <string>

namespace bctrl::emulator {

/// Everything that the endpoints work on. Belongs to one thread.
struct world {
    world(server_options chosen, calendar today, std::uint64_t seed)
        : options{std::move(chosen)}, dates{today}, ids{seed} {}

    server_options const options;
    calendar const dates;
    identifiers ids;
    store things{ids};
    parked_waits parked{};

    std::size_t connections_open = 0;
    std::uint64_t connections_total = 0;
    std::uint64_t requests = 0;

    server_stats stats() const {
        return {.operations = things.operations(),
                .invocations = things.invocations(),
                .runs = things.runs(),
                .parked = parked.size(),
                .connections_open = connections_open,
                .connections_total = connections_total,
                .requests = requests,
                .waits_abandoned = parked.abandoned()};
    }

    /// Lets time pass: ends what is due and answers who waits for it.
    void pass_time(time_point now) {
        for (auto const* ended : things.advance(now))
            parked.release(ended);
        parked.expire(now);
    }
};

} // namespace bctrl::emulator
