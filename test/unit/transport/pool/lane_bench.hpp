#pragma once

#include "support/accepting_server.hpp"
#include "support/ca_file.hpp"
#include "support/strand_bench.hpp"
#include "transport/pool/http1_connection.hpp"
#include "transport/pool/lane.hpp"
#include "transport/pool/network_dialler.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

namespace bctrl::pool {

using namespace std::chrono_literals;

/// A lane and the server that it dials, which accepts and says nothing.
class lanes : public ::testing::Test {
protected:
    using acquired = outcome<lease, failure>;
    using pending = testing::pending<acquired>;

    ~lanes() override { bench.scope().destroy_all(); }

    /// The lane under test: one connection, and one call in the queue, unless told otherwise.
    lane& make(lane_limits limits = {1, 1}) {
        settings.limits = limits;
        by.emplace(bench.runs_on(), net::peer{"127.0.0.1", server.port(), tls.get()},
                   speech{terms});
        gate.emplace(bench.runs_on(), dials);
        made =
            std::make_unique<lane>(bench.runs_on(), lane_kind::wait, *by, *gate, streams, settings);
        return *made;
    }
    pending acquire() { return acquire(stop); }
    pending acquire(stop_signal& own) { return bench.start(made->acquire(own, told)); }
    void wait_for(pending const& got) {
        bench.run_until([&] { return got->has_value(); });
    }
    /// A lease that must come.
    pending hold() {
        auto got = acquire();
        wait_for(got);
        EXPECT_TRUE(**got) << (**got ? "" : (**got).error().message);
        return got;
    }
    http1_connection& heeding(pending const& held) {
        return dynamic_cast<http1_connection&>((**held)->held());
    }
    void give_back(pending const& held, bool keep = true) {
        if (keep) (**held)->keep_open();
        held->reset();
        bench.settle();
    }
    static failure const& error_of(pending const& got) { return (**got).error(); }
    std::int64_t open() { return bench.live().sockets; }
    std::int64_t opened() { return bench.live().connections; }
    std::int64_t queued() { return bench.live().queued; }

    testing::strand_bench bench;
    testing::accepting_server server{bench.context()};
    std::shared_ptr<net::tls_context> tls;
    lane_settings settings{{1, 1}, 10s, 30s, 600s};
    dial_limits dials;
    stop_signal stop;
    activity told;
    connection_terms terms{"", false, {}};
    stream_memory streams{1};
    std::optional<network_dialler> by;
    std::optional<dial_gate> gate;
    std::unique_ptr<lane> made;
};

} // namespace bctrl::pool
