#include "base/activity.hpp"

#include <boost/asio/error.hpp>

#include <gtest/gtest.h>

#include <memory>

namespace bctrl {
namespace {

using namespace std::chrono_literals;

constexpr steady_time start{1h};

TEST(listed_calls, leave_their_list_when_they_end) {
    call_list all;
    listed_call first{start};
    all.push_back(first);
    {
        listed_call second{start};
        all.push_back(second);
        EXPECT_EQ(all.size(), 2U);
    }
    EXPECT_EQ(all.size(), 1U);
    EXPECT_EQ(&all.front(), &first);
}

TEST(listed_calls, may_outlive_their_list) {
    listed_call call{start};
    {
        call_list all;
        all.push_back(call);
    }
    EXPECT_FALSE(call.is_linked());
}

TEST(listed_calls, have_a_subject_while_somebody_shows_it) {
    listed_call call{start};
    activity doing{start};
    EXPECT_EQ(call.subject(), nullptr);
    EXPECT_EQ(call.deadline(), steady_time::max());
    call_subject const subject{"operations.get", "op_1", lane_kind::control};
    {
        showing const shown{call, subject, start + 5s, doing};
        EXPECT_EQ(call.subject(), &subject);
        EXPECT_EQ(call.deadline(), start + 5s);
        EXPECT_EQ(&call.doing(), &doing);
    }
    EXPECT_EQ(call.subject(), nullptr);
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

TEST(activities, know_for_how_many_calls_they_are) {
    activity poll{start};
    listed_call one{start};
    listed_call other{start};
    call_subject const subject{"operations.wait", "op_1", lane_kind::wait};
    EXPECT_EQ(poll.calls(), 0U);
    showing const first{one, subject, steady_time::max(), poll};
    {
        showing const second{other, subject, steady_time::max(), poll};
        EXPECT_EQ(poll.calls(), 2U);
    }
    EXPECT_EQ(poll.calls(), 1U);
}

} // namespace
} // namespace bctrl
