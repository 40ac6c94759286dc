// close() is a barrier: what it says when it completes is counted, not believed.

#include "client_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <vector>

namespace bctrl::test {
namespace {

void expect_nothing_left(client const& of) {
    auto const left = of.stats();
    EXPECT_EQ(left.calls, 0);
    EXPECT_EQ(left.queued, 0);
    EXPECT_EQ(left.dials, 0);
    EXPECT_EQ(left.sockets, 0);
    EXPECT_EQ(left.watches, 0);
}

class closing : public ::testing::Test {
protected:
    closing() {
        // What the system gives to the context itself is opened before anything is counted.
        asio::steady_timer const first{context_};
        before_ = open_descriptors();
    }

    /// Begins a wait of its own connection for each id.
    void begin(client& with, std::size_t count) {
        for (auto const& each : emulator_->create_operations(count, life_of(600s)))
            with.operations().wait(each, [this](error_code ec, operation_wait_result const&) {
                EXPECT_EQ(ec, errc::client_closed);
                ++ended_;
            });
    }
    void until_parked(std::size_t count) {
        for (int n = 0; n < 2'000 && emulator_->stats().parked < count; ++n)
            context_.run_for(5ms);
        ASSERT_EQ(emulator_->stats().parked, count);
    }
    /// The handler of a close that must find nothing; the connections that the server has not closed
    /// yet are on its side of this process.
    auto finds_nothing(client& with) {
        return [this, &with](error_code ec) {
            EXPECT_FALSE(ec);
            expect_nothing_left(with);
            ++closed_;
        };
    }
    void expect_all_over() {
        context_.run_for(20s);
        EXPECT_TRUE(context_.stopped()) << "nothing may keep the context running";
        // The server may have one yet that it has not even accepted.
        for (int n = 0; n < 2'000 && open_descriptors() != before_; ++n) {
            asio::steady_timer pause{context_, 5ms};
            pause.wait();
        }
        EXPECT_EQ(open_descriptors(), before_);
    }

    secure_emulator emulator_;
    asio::io_context context_{1};
    std::size_t before_ = 0;
    std::size_t ended_ = 0;
    int closed_ = 0;
};

TEST_F(closing, is_a_barrier_whenever_it_begins) {
    for (int turns = 0; turns < 60; turns += 3) {
        client with{context_.get_executor(), emulator_.config()};
        ended_ = 0;
        begin(with, 5);
        context_.restart();
        for (int n = 0; n < turns; ++n)
            context_.run_one_for(5ms);
        with.close(0ms, finds_nothing(with));
        expect_all_over();
        EXPECT_EQ(ended_, 5U) << turns << " turns";
    }
    EXPECT_EQ(closed_, 20);
}

TEST_F(closing, may_be_asked_for_many_times) {
    client with{context_.get_executor(), emulator_.config()};
    begin(with, 20);
    until_parked(20);
    for (int n = 0; n < 10; ++n)
        with.close(n == 0 ? 1h : 0ms, finds_nothing(with));
    with.abandon();
    with.close(1h, finds_nothing(with));
    expect_all_over();
    EXPECT_EQ(closed_, 11);
    EXPECT_EQ(ended_, 20U);
    with.close(1h, finds_nothing(with));
    context_.restart();
    expect_all_over();
    EXPECT_EQ(closed_, 12);
}

TEST_F(closing, refuses_calls_that_begin_meanwhile) {
    client with{context_.get_executor(), emulator_.config()};
    begin(with, 5);
    until_parked(5);
    int refused = 0;
    auto const call = [&] {
        with.operations().get("any", [&](error_code ec, operation const&) {
            EXPECT_EQ(ec, errc::client_closed);
            ++refused;
        });
    };
    with.close(300ms, [&](error_code ec) {
        EXPECT_FALSE(ec);
        expect_nothing_left(with);
        call();
    });
    for (int n = 0; n < 50; ++n) {
        call();
        context_.run_one_for(1ms);
    }
    expect_all_over();
    EXPECT_EQ(refused, 51);
    EXPECT_EQ(ended_, 5U);
}

TEST_F(closing, is_hurried_by_every_type_of_cancellation) {
    for (auto const type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                            asio::cancellation_type::total}) {
        client with{context_.get_executor(), emulator_.config()};
        context_.restart();
        ended_ = 0;
        begin(with, 5);
        until_parked(5);
        asio::cancellation_signal hurry;
        with.close(1h, asio::bind_cancellation_slot(hurry.slot(), finds_nothing(with)));
        context_.run_for(10ms);
        EXPECT_EQ(ended_, 0U);
        hurry.emit(type);
        hurry.emit(type);
        expect_all_over();
        EXPECT_EQ(ended_, 5U);
        hurry.emit(type);
    }
    EXPECT_EQ(closed_, 3);
}

TEST_F(closing, tells_its_own_end_last) {
    client with{context_.get_executor(), emulator_.config()};
    begin(with, 50);
    until_parked(50);
    with.close(0ms, [&](error_code) { EXPECT_EQ(ended_, 50U); });
    expect_all_over();
    EXPECT_EQ(ended_, 50U);
}

} // namespace
} // namespace bctrl::test
