#include "base/activity.hpp"

#include <boost/asio/error.hpp>

#include <gtest/gtest.h>

#include <memory>

namespace bctrl {
namespace {

using namespace std::chrono_literals;

constexpr steady_time start{1h};

TEST(activities, leave_their_list_when_they_end) {
    activity_list all;
    activity first{start};
    all.push_back(first);
    {
        activity second{start};
        all.push_back(second);
        EXPECT_EQ(all.size(), 2U);
    }
    EXPECT_EQ(all.size(), 1U);
    EXPECT_EQ(&all.front(), &first);
}

TEST(activities, may_outlive_their_list) {
    activity told{start};
    {
        activity_list all;
        all.push_back(told);
    }
    EXPECT_FALSE(told.is_linked());
}

TEST(activities, show_a_subject_while_somebody_shows_it) {
    activity told{start};
    EXPECT_EQ(told.subject(), nullptr);
    EXPECT_EQ(told.deadline(), steady_time::max());
    call_subject const subject{"operations.get", "op_1", lane_kind::control};
    {
        showing const shown{told, subject, start + 5s};
        EXPECT_EQ(told.subject(), &subject);
        EXPECT_EQ(told.deadline(), start + 5s);
    }
    EXPECT_EQ(told.subject(), nullptr);
}

TEST(activities, pause_until_they_do_something_else) {
    activity told{start};
    told.pause(pause_reason::pacing, start + 1s, 3s);
    EXPECT_EQ(told.phase(), call_phase::pausing);
    EXPECT_EQ(told.why_paused(), pause_reason::pacing);
    EXPECT_EQ(told.length(), 3s);
    EXPECT_EQ(told.since(), start + 1s);
    told.enter(call_phase::queued, start + 4s);
    EXPECT_EQ(told.why_paused(), pause_reason::none);
}

TEST(activities, add_up_what_one_request_queued_for_its_connections) {
    activity told{start};
    told.poll(1, 50s);
    told.enter(call_phase::queued, start);
    told.enter(call_phase::awaiting, start + 2s);
    told.enter(call_phase::queued, start + 3s);
    told.enter(call_phase::awaiting, start + 7s);
    EXPECT_EQ(told.queued(), 6s);
    told.poll(2, 50s);
    EXPECT_EQ(told.queued(), 0s);
}

TEST(activities, take_any_length) {
    activity told{start};
    told.poll(1, milliseconds::max());
    EXPECT_GT(told.length(), 24h * 40);
    told.poll(2, milliseconds::min());
    EXPECT_EQ(told.length(), 0ms);
}

TEST(activities, keep_what_is_known_of_a_fault_until_contact_is_had_again) {
    activity told{start};
    EXPECT_EQ(told.fault(), errc{});
    auto details = std::make_shared<error_details>();
    details->status = 503;
    std::weak_ptr<error_details const> const known = details;
    told.failed(errc::server_error, std::move(details), start + 2s);
    EXPECT_EQ(told.fault_details(), known.lock().get());
    told.saw(durable_status::running);
    EXPECT_TRUE(known.expired());
    EXPECT_EQ(told.fault(), errc::server_error);
    EXPECT_EQ(told.fault_status(), 503);
    EXPECT_EQ(told.failed_at(), start + 2s);
    EXPECT_EQ(told.seen(), durable_status::running);
}

TEST(activities, need_no_details_of_a_fault) {
    activity told{start};
    told.failed(boost::asio::error::connection_reset, nullptr, start);
    EXPECT_EQ(told.fault(), errc::internal) << "a code of somebody else's is none that we tell";
    EXPECT_EQ(told.fault_status(), 0);
    EXPECT_EQ(told.fault_details(), nullptr);
}

TEST(activities, do_what_those_do_whom_they_follow) {
    activity poll{start};
    activity waiter{start};
    EXPECT_EQ(&waiter.doing(), &waiter);
    waiter.follow(&poll);
    EXPECT_EQ(&waiter.doing(), &poll);
    waiter.follow(nullptr);
    EXPECT_EQ(&waiter.doing(), &waiter);
}

} // namespace
} // namespace bctrl
