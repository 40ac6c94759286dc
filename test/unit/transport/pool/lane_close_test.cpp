// What a closing lane tells those who wait, and when it is empty.

#include "lane_bench.hpp"

#include <vector>

namespace bctrl::pool {
namespace {

TEST_F(lanes, are_empty_after_close) {
    make({2, 5});
    auto const used = hold();
    auto const idle = hold();
    give_back(idle);
    made->close();
    bench.settle();
    EXPECT_EQ(open(), 1) << "what is in use closes when it is given back";
    give_back(used);
    EXPECT_EQ(open(), 0);
    EXPECT_EQ(made->connections(), 0U);
    auto const late = acquire();
    ASSERT_TRUE(*late);
    EXPECT_EQ(error_of(late).code, errc::client_closed);
}

TEST_F(lanes, tell_those_who_wait_that_they_are_closed) {
    make({1, 5});
    auto const used = hold();
    auto const first = acquire();
    auto const second = acquire();
    made->close();
    bench.settle();
    ASSERT_TRUE(*first && *second);
    EXPECT_EQ(error_of(first).code, errc::client_closed);
    EXPECT_EQ(error_of(second).code, errc::client_closed);
    EXPECT_EQ(queued(), 0);
}

TEST_F(lanes, give_up_dials_when_they_close) {
    make();
    auto got = std::make_shared<std::optional<acquired>>();
    bench.scope().begin(testing::keep(made->acquire(stop, told), got));
    EXPECT_EQ(made->connections(), 1U);
    made->close();
    wait_for(got);
    EXPECT_EQ(error_of(got).code, errc::client_closed);
    bench.run_until([&] { return made->connections() == 0; });
    EXPECT_EQ(open(), 0);
}

task<bool> wait_until_empty(lane& of, scheduler& runs_on, stop_signal& never) {
    parking emptied{runs_on, never};
    of.wake_when_empty(emptied);
    co_await emptied;
    co_return true;
}

TEST_F(lanes, tell_when_they_are_empty) {
    make();
    auto const used = hold();
    auto const empty = bench.start(wait_until_empty(*made, bench.runs_on(), stop));
    made->close();
    bench.settle();
    EXPECT_FALSE(*empty);
    give_back(used);
    EXPECT_TRUE(*empty);
}

TEST_F(lanes, vanish_in_the_middle_of_everything) {
    make({2, 5});
    auto const used = hold();
    auto dialling = std::make_shared<std::optional<acquired>>();
    bench.scope().begin(testing::keep(made->acquire(stop, told), dialling));
    auto waiting = std::make_shared<std::optional<acquired>>();
    bench.scope().begin(testing::keep(made->acquire(stop, told), waiting));
    bench.scope().destroy_all();
    made->close();
    used->reset();
    made->shut_down();
    made.reset();
    bench.settle();
    EXPECT_EQ(open(), 0);
    EXPECT_FALSE(*dialling || *waiting);
}

} // namespace
} // namespace bctrl::pool
