// The caller's side of a call: how its cancellations come to the strand, and what is told to it.

#include "api/canceller.hpp"
#include "api/client_access.hpp"
#include "api/start_call.hpp"
#include "support/core_bench.hpp"

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/execution.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace bctrl {
namespace {

namespace asio = boost::asio;
using detail::canceller;

class cancellers : public ::testing::Test {
protected:
    void settle() {
        context_.restart();
        context_.poll();
    }

    asio::io_context context_;
    asio::cancellation_signal signal_;
    std::shared_ptr<canceller> canceller_ =
        std::make_shared<canceller>(std::make_shared<strand const>(context_.get_executor()));
    stop_signal call_;
};

TEST_F(cancellers, carry_every_type_to_the_strand) {
    for (auto const type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                            asio::cancellation_type::total, asio::cancellation_type::all}) {
        auto const one =
            std::make_shared<canceller>(std::make_shared<strand const>(context_.get_executor()));
        stop_signal call;
        one->listen_to(signal_.slot());
        one->attach(call);
        signal_.emit(type);
        EXPECT_FALSE(call.requested()) << "that happens on the strand";
        settle();
        EXPECT_EQ(call.reason(), stop_reason::cancelled);
        one->detach();
    }
}

TEST_F(cancellers, take_no_type_for_nothing) {
    canceller_->listen_to(signal_.slot());
    canceller_->attach(call_);
    signal_.emit(asio::cancellation_type::none);
    settle();
    EXPECT_FALSE(call_.requested());
}

TEST_F(cancellers, remember_what_comes_before_the_call) {
    canceller_->listen_to(signal_.slot());
    signal_.emit(asio::cancellation_type::total);
    settle();
    canceller_->attach(call_);
    EXPECT_EQ(call_.reason(), stop_reason::cancelled);
}

TEST_F(cancellers, leave_a_call_alone_that_has_ended) {
    canceller_->listen_to(signal_.slot());
    canceller_->attach(call_);
    signal_.emit(asio::cancellation_type::total);
    canceller_->detach();
    settle();
    EXPECT_FALSE(call_.requested());
}

TEST_F(cancellers, post_once_however_often_they_are_asked) {
    canceller_->listen_to(signal_.slot());
    for (int n = 0; n < 100; ++n)
        signal_.emit(asio::cancellation_type::terminal);
    EXPECT_EQ(canceller_.use_count(), 2) << "each job would own it once";
    settle();
    EXPECT_EQ(canceller_.use_count(), 1);
}

TEST_F(cancellers, end_before_their_signal_and_after_it) {
    auto brief = std::make_unique<asio::cancellation_signal>();
    canceller_->listen_to(brief->slot());
    brief.reset();
    canceller_->listen_to(signal_.slot());
    canceller_->attach(call_);
    canceller_.reset();
    signal_.emit(asio::cancellation_type::terminal);
    settle();
    EXPECT_FALSE(call_.requested());
}

TEST(callers, keep_nothing_when_they_have_been_told) {
    testing::core_bench bench;
    int told = 0;
    detail::caller<> who{
        detail::completion<>{[&](error_code, detail::failure_report const&) { ++told; }},
        bench.core()};
    EXPECT_TRUE(who.executor);
    who.complete(bench.core());
    EXPECT_FALSE(who.executor) << "their context may end with what they were told";
    EXPECT_EQ(told, 0);
    bench.settle();
    EXPECT_EQ(told, 1);
}

/// Counts what is handed to the context behind it.
class counting_executor {
public:
    counting_executor(asio::io_context& context, int& jobs) noexcept
        : context_{&context}, jobs_{&jobs} {}

    asio::execution_context& query(asio::execution::context_t) const noexcept { return *context_; }
    static constexpr asio::execution::blocking_t query(asio::execution::blocking_t) noexcept {
        return asio::execution::blocking.never;
    }
    counting_executor require(asio::execution::blocking_t::never_t) const noexcept { return *this; }

    template <class Job>
    void execute(Job&& job) const {
        ++*jobs_;
        asio::require(context_->get_executor(), asio::execution::blocking.never)
            .execute(std::forward<Job>(job));
    }

    friend bool operator==(counting_executor const&, counting_executor const&) = default;

private:
    asio::io_context* context_;
    int* jobs_;
};

TEST(abandoning, posts_one_job_however_many_calls_are_parked) {
    for (int const calls : {1, 10'000}) {
        testing::manual_context world;
        int jobs = 0, ended = 0;
        auto const carrier = [](scheduler& runs_on) {
            return std::make_unique<testing::scripted_transport>(runs_on);
        };
        auto with = detail::client_access::make(detail::client_core::make(
            counting_executor{world.context(), jobs}, configure(testing::config_of_nowhere()),
            {world.shared_time(), seeded_randomness(1), carrier}));
        for (int n = 0; n < calls; ++n)
            with.operations().wait("op_" + std::to_string(n), [&](error_code ec, auto const&) {
                EXPECT_EQ(ec, errc::client_closed);
                ++ended;
            });
        world.settle();
        EXPECT_EQ(with.stats().calls, calls);
        jobs = 0;
        with.abandon();
        EXPECT_EQ(jobs, 1);
        EXPECT_EQ(ended, 0);
        world.settle();
        EXPECT_EQ(ended, calls);
        EXPECT_EQ(with.stats().calls, 0);
    }
}

} // namespace
} // namespace bctrl
