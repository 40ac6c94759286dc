#include "call_result.hpp"

#include <boost/asio/error.hpp>

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

namespace bctrl::testing {
namespace {

using namespace std::chrono_literals;
namespace error = boost::asio::error;

/// What a fault does to a call that makes one attempt, and whether a POST goes out again after it.
struct fault_row {
    char const* name;
    reply what;
    error_code code;
    error_code cause;
    bool again;      ///< a GET is repeated
    bool post_again; ///< even what may not be done twice is repeated: the server never saw it
};

void PrintTo(fault_row const& row, std::ostream* to) {
    *to << row.name;
}

std::vector<fault_row> const& rows() {
    static std::vector<fault_row> const all = {
        {"name_not_resolved", name_not_resolved(), errc::resolve_failed, error::host_not_found,
         true, true},
        {"connection_refused", connection_refused(), errc::connect_failed,
         error::connection_refused, true, true},
        {"tls_failed", tls_failed(), errc::tls_failed, {}, true, true},
        {"certificate_rejected",
         certificate_rejected(),
         errc::certificate_rejected,
         {},
         false,
         false},
        {"not_processed", not_processed(), errc::connection_lost, {}, true, true},
        {"queue_full", queue_full(), errc::queue_full, {}, false, false},
        {"out_of_descriptors", out_of_descriptors(), errc::too_many_descriptors,
         error::no_descriptors, true, true},
        {"connection_reset", connection_reset(), errc::connection_lost, error::connection_reset,
         true, false},
        {"connection_closed", connection_closed(), errc::connection_lost, {}, true, false},
        {"half_head", half_head(), errc::connection_lost, {}, true, false},
        {"half_body", half_body(), errc::connection_lost, {}, true, false},
        {"not_http", not_http(), errc::malformed_response, {}, false, false},
        {"own",
         fault(errc::body_too_large, reached::answer_begun),
         errc::body_too_large,
         {},
         false,
         false},
    };
    return all;
}

class faults : public ::testing::TestWithParam<fault_row> {
protected:
    /// The attempts that a request with three of them makes.
    std::uint64_t attempts_of(std::string const& method) {
        auto const ended = std::make_shared<ending<response>>();
        call_options options;
        options.retry = retry_policy{.attempts = 3};
        user.send(request{method, "/v1/things"}, options, keep_in<response>(ended));
        world.pass(1min);
        EXPECT_TRUE(ended->done);
        EXPECT_EQ(ended->code, GetParam().code);
        return world.server().count();
    }

    simulation world;
    client user = world.make_client();
};

TEST_P(faults, end_a_call_as_over_a_network) {
    world.server().then(GetParam().what);
    auto const ended = get(user, "op_1");
    world.settle();
    ASSERT_TRUE(ended->done);
    EXPECT_EQ(ended->code, GetParam().code);
    EXPECT_EQ(ended->details.cause, GetParam().cause);
    EXPECT_EQ(ended->details.attempts, 1U);
    EXPECT_EQ(ended->details.message, GetParam().what.message);
    EXPECT_EQ(world.now(), 0ms);
    EXPECT_EQ(world.server().in_flight(), 0U);
}

TEST_P(faults, come_when_they_are_told_to) {
    world.server().then(GetParam().what.after(7s));
    auto const ended = get(user, "op_1");
    world.pass(7s - 1ms);
    EXPECT_FALSE(ended->done);
    EXPECT_EQ(world.server().in_flight(), 1U);
    world.pass(1ms);
    ASSERT_TRUE(ended->done);
    EXPECT_EQ(ended->code, GetParam().code);
}

TEST_P(faults, let_a_get_be_repeated) {
    world.server().then(GetParam().what, 3);
    EXPECT_EQ(attempts_of("GET"), GetParam().again ? 3U : 1U);
}

TEST_P(faults, let_a_post_be_repeated_only_if_the_server_never_saw_it) {
    world.server().then(GetParam().what, 3);
    EXPECT_EQ(attempts_of("POST"), GetParam().post_again ? 3U : 1U);
}

INSTANTIATE_TEST_SUITE_P(all, faults, ::testing::ValuesIn(rows()),
                         [](auto const& row) { return std::string{row.param.name}; });

class silences : public ::testing::TestWithParam<bool> {};

TEST_P(silences, last_until_the_client_stops_asking) {
    simulation world;
    auto const user = world.make_client();
    world.server().then(GetParam() ? silence() : silence_in_body());
    auto const ended = get(user, "op_1");
    world.pass(60s - 1ms);
    EXPECT_FALSE(ended->done);
    EXPECT_EQ(world.server().in_flight(), 1U);
    world.pass(1ms);
    ASSERT_TRUE(ended->done);
    EXPECT_EQ(ended->code, errc::deadline_exceeded);
    EXPECT_EQ(world.server().in_flight(), 0U);
}

INSTANTIATE_TEST_SUITE_P(all, silences, ::testing::Bool(), [](auto const& row) {
    return std::string{row.param ? "before_the_answer" : "within_the_answer"};
});

} // namespace
} // namespace bctrl::testing
