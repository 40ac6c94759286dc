#include "base/stop.hpp"

#include <boost/asio/error.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace bctrl {
namespace {

class recorder final : public stop_listener {
public:
    explicit recorder(std::function<void()> then = {}) : then_{std::move(then)} {}

    void leave() noexcept { stop_listening(); }
    std::vector<stop_reason> const& heard() const noexcept { return heard_; }

private:
    void stop_requested(stop_reason reason) noexcept override {
        heard_.push_back(reason);
        if (then_) then_();
    }

    std::function<void()> then_;
    std::vector<stop_reason> heard_;
};

using reasons = std::vector<stop_reason>;

TEST(stop_signal, tells_each_listener_once) {
    stop_signal signal;
    recorder first;
    recorder second;
    signal.listen(first);
    signal.listen(second);
    signal.request(stop_reason::cancelled);
    signal.request(stop_reason::cancelled);
    EXPECT_EQ(first.heard(), reasons{stop_reason::cancelled});
    EXPECT_EQ(second.heard(), reasons{stop_reason::cancelled});
}

TEST(stop_signal, keeps_the_first_reason) {
    stop_signal signal;
    EXPECT_FALSE(signal.requested());
    EXPECT_EQ(signal.reason(), stop_reason::none);
    signal.request(stop_reason::deadline);
    signal.request(stop_reason::closed);
    EXPECT_TRUE(signal.requested());
    EXPECT_EQ(signal.reason(), stop_reason::deadline);
}

TEST(stop_signal, reaches_nested_signals_with_its_reason) {
    stop_signal client;
    stop_signal call{client};
    stop_signal attempt{call};
    recorder listener;
    attempt.listen(listener);
    client.request(stop_reason::closed);
    EXPECT_EQ(call.reason(), stop_reason::closed);
    EXPECT_EQ(attempt.reason(), stop_reason::closed);
    EXPECT_EQ(listener.heard(), reasons{stop_reason::closed});
}

TEST(stop_signal, does_not_reach_the_one_it_is_nested_in) {
    stop_signal call;
    {
        stop_signal attempt{call};
        attempt.request(stop_reason::timeout);
        EXPECT_FALSE(call.requested());
    }
    call.request(stop_reason::cancelled);
    EXPECT_EQ(call.reason(), stop_reason::cancelled);
}

TEST(stop_signal, nested_keeps_its_own_earlier_reason) {
    stop_signal call;
    stop_signal attempt{call};
    attempt.request(stop_reason::timeout);
    call.request(stop_reason::cancelled);
    EXPECT_EQ(attempt.reason(), stop_reason::timeout);
}

TEST(stop_signal, nested_in_a_given_one_is_given) {
    stop_signal call;
    call.request(stop_reason::deadline);
    stop_signal const attempt{call};
    EXPECT_EQ(attempt.reason(), stop_reason::deadline);
}

TEST(stop_signal, a_nested_signal_leaves_when_it_ends) {
    stop_signal call;
    recorder listener;
    {
        stop_signal attempt{call};
        attempt.listen(listener);
    }
    call.request(stop_reason::cancelled);
    EXPECT_TRUE(listener.heard().empty());
}

TEST(stop_signal, listeners_may_leave_while_it_is_told) {
    stop_signal signal;
    auto last = std::make_unique<recorder>();
    recorder second;
    recorder first{[&] {
        second.leave();
        last.reset();
    }};
    signal.listen(first);
    signal.listen(second);
    signal.listen(*last);
    signal.request(stop_reason::cancelled);
    EXPECT_EQ(first.heard().size(), 1U);
    EXPECT_TRUE(second.heard().empty());
}

TEST(stop_signal, may_be_given_again_while_it_is_told) {
    stop_signal signal;
    recorder first{[&] { signal.request(stop_reason::closed); }};
    recorder second;
    signal.listen(first);
    signal.listen(second);
    signal.request(stop_reason::cancelled);
    EXPECT_EQ(first.heard(), reasons{stop_reason::cancelled});
    EXPECT_EQ(second.heard(), reasons{stop_reason::cancelled});
    EXPECT_EQ(signal.reason(), stop_reason::cancelled);
}

TEST(stop_signal, may_end_before_its_listeners) {
    recorder listener;
    {
        stop_signal signal;
        signal.listen(listener);
    }
    EXPECT_FALSE(listener.is_linked());
}

TEST(stop_error, names_the_ending) {
    EXPECT_EQ(stop_error(stop_reason::cancelled), boost::asio::error::operation_aborted);
    EXPECT_EQ(stop_error(stop_reason::deadline), errc::deadline_exceeded);
    EXPECT_EQ(stop_error(stop_reason::timeout), errc::deadline_exceeded);
    EXPECT_EQ(stop_error(stop_reason::closed), errc::client_closed);
}

} // namespace
} // namespace bctrl
