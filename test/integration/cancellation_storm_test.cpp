// A hundred thousand calls, each cancelled at a random moment of its way through real sockets, leave
// nothing behind.

#include "cancellation_storm.hpp"

#include "support/seed.hpp"

#include <deque>
#include <iostream>

namespace bctrl::test {
namespace {

constexpr int at_a_time = 300;

class cancellation_storm : public ::testing::Test {
protected:
    /// What the system gives to the loop itself is opened before anything is counted.
    cancellation_storm() { asio::steady_timer const first{loop_.context()}; }

    void rage(emulator::server& on, client_config const& config, int calls) {
        auto const targets = storm_targets::on(on);
        auto const before = open_descriptors();
        auto const seed = testing::seed();
        SCOPED_TRACE("BCTRL_TEST_SEED=" + std::to_string(seed));
        storm_account account{calls};
        client shared{loop_.executor(), config};
        std::deque<storm_caller> callers;
        for (std::uint64_t n = 0; n < at_a_time; ++n)
            asio::co_spawn(
                loop_.context(),
                callers.emplace_back(shared, targets, account, seed + n).call_again_and_again(),
                [&](std::exception_ptr const& thrown) {
                    EXPECT_FALSE(thrown);
                    if (++ended_ == at_a_time) close(shared);
                });
        loop_.context().run_for(240s);
        ASSERT_TRUE(loop_.context().stopped()) << "work is left";

        expect_all_ended(account, shared.stats(), calls);
        expect_nothing_left(shared.stats());
        EXPECT_EQ(account.alive(), 0);
        until_left_alone(on, before);
        EXPECT_EQ(open_descriptors(), before);
        auto const stats = shared.stats();
        std::cout << account.aborted() << " aborted, " << account.answered() << " answered, "
                  << stats.connections << " connections, " << stats.dials_begun << " dials, "
                  << stats.requests << " requests\n";
    }

    void close(client& with) {
        with.close(5s, [&](error_code ec) {
            EXPECT_FALSE(ec);
            expect_nothing_left(with.stats());
        });
    }

    /// The server closes its side, too, as soon as it has noticed; it may have connections yet that it
    /// has not even accepted.
    void until_left_alone(emulator::server& on, std::size_t descriptors) {
        for (int n = 0; n < 2'000 && open_descriptors() != descriptors; ++n) {
            asio::steady_timer pause{loop_.context(), 5ms};
            pause.wait();
        }
        EXPECT_EQ(on.stats().connections_open, 0U);
        EXPECT_EQ(on.stats().parked, 0U);
    }

    event_loop loop_;
    int ended_ = 0;
};

TEST_F(cancellation_storm, leaves_nothing_behind_over_tcp) {
    emulator::server plain;
    client_config config;
    config.key = api_key{emulator_key};
    config.base_url = plain.base_url();
    config.limits.control_connections = 150;
    rage(plain, config, 70'000);
}

TEST_F(cancellation_storm, leaves_nothing_behind_over_tls) {
    secure_emulator secure;
    auto config = secure.config();
    config.http = http_version::http1;
    rage(secure.server(), config, 30'000);
}

TEST_F(cancellation_storm, leaves_nothing_behind_over_http2) {
    secure_emulator secure;
    rage(secure.server(), secure.config(), 100'000);
    EXPECT_GT(secure->stats().http2_streams, 10'000U) << "many were cancelled on their way";
}

} // namespace
} // namespace bctrl::test
