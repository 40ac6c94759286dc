#pragma once

#include "emulator/http2/tally.hpp"
#include "emulator/model/calendar.hpp"
#include "emulator/model/identifiers.hpp"
#include "emulator/model/store.hpp"
#include "emulator/service/bench_lives.hpp"
#include "emulator/service/connection_control.hpp"
#include "emulator/service/parked_waits.hpp"
#include "emulator/state/journal.hpp"

#include <bctrl/emulator/server.hpp>

#include <cstdint>
#include <optional>
#include <utility>

namespace bctrl::emulator {

/// Everything that the endpoints work on. Belongs to one thread.
struct world {
    world(server_options chosen, calendar today, std::uint64_t seed)
        : options{std::move(chosen)}, dates{today}, ids{seed} {
        if (options.state_file.empty()) return;
        kept.emplace(options.state_file, things, dates);
        if (options.notice && !kept->notice().empty()) options.notice(kept->notice());
    }

    server_options const options;
    calendar const dates;
    identifiers ids;
    store things{ids};
    std::optional<journal> kept{};
    parked_waits parked{};
    bench_lives bench{};

    std::size_t connections_open = 0;
    std::uint64_t connections_total = 0;
    std::uint64_t requests = 0;
    emulator::http2::tally http2{};
    connection_control* wires = nullptr; ///< null without a server around

    server_stats stats() const {
        return {.operations = things.operations(),
                .invocations = things.invocations(),
                .runs = things.runs(),
                .parked = parked.size(),
                .connections_open = connections_open,
                .connections_total = connections_total,
                .requests = requests,
                .waits_abandoned = parked.abandoned(),
                .http2_connections = http2.connections,
                .http2_streams_open = http2.streams_open,
                .http2_streams = http2.streams,
                .http2_resets_received = http2.resets_received,
                .http2_go_aways_sent = http2.go_aways_sent};
    }

    /// Makes sure that what has changed outlives this process. To be called before anybody is told
    /// of a change.
    /// @throws std::system_error if the state file cannot be written
    void save() {
        if (kept) kept->save();
    }

    /// Null if there is nothing by that id. Of operations in a bench there is everything.
    resource const* look_up(resource_kind kind, std::string const& id, time_point now) {
        auto const* found = things.find(kind, id);
        if (found != nullptr || !options.bench || kind != resource_kind::operation) return found;
        auto const script = bench.life_of(id);
        if (!script) return nullptr;
        auto const* made = things.create(kind, {.script = script, .id = id}, now);
        bench.remember(*made);
        pass_time(now);
        return made;
    }

    parked_waits::ticket park(parking const& wait, parked_waits::callback resume) {
        if (wait.watched) return parked.watch(*wait.watched, wait.until, std::move(resume));
        return parked.add(wait.target, wait.until, std::move(resume));
    }

    void forget_everything() {
        parked.forget_all();
        bench.forget();
        things.clear();
    }

    /// Ends the next of those that were to end on request.
    void end_released(time_point now) {
        for (auto const* one : bench.take_released())
            things.end_now(*one, now);
        pass_time(now);
    }

    /// Lets time pass: ends what is due and answers who waits for it.
    void pass_time(time_point now) {
        for (auto const* ended : things.advance(now))
            parked.release(ended);
        parked.expire(now);
    }
};

} // namespace bctrl::emulator
