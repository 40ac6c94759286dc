#include "emulator/model/document.hpp"
#include "emulator/model/json_text.hpp"
#include "emulator/model/store.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

namespace bctrl::emulator {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

std::set<std::string> names_in(json::value const& value) {
    std::set<std::string> names;
    for (auto const& member : value.as_object())
        names.insert(std::string{member.key()});
    return names;
}

json::value example(std::string const& name) {
    std::ifstream in{BCTRL_TEST_DATA "/" + name};
    std::string const text{std::istreambuf_iterator<char>{in}, {}};
    return parse_json(text).value();
}

struct documents : testing::Test {
    resource const* create(life const& script, resource_kind kind = resource_kind::operation) {
        EXPECT_EQ(fault_in(script), std::nullopt);
        return things.create(kind, {.script = std::make_shared<life const>(script)}, now);
    }
    void pass(std::chrono::milliseconds time) {
        now += time;
        things.advance(now);
    }
    json::value show(resource const* r) { return parse_json(document_of(*r, now, dates)).value(); }

    identifiers ids{1};
    store things{ids};
    time_point now{};
    calendar dates{now, std::chrono::sys_days{std::chrono::May / 19 / 2026} + 8h + 30min};
};

TEST_F(documents, have_the_members_of_the_examples) {
    auto const* operation = create({});
    auto const* invocation = create({}, resource_kind::invocation);
    pass(1s);
    auto const expected = example("operation-succeeded.json");
    auto const shown = show(operation);
    EXPECT_EQ(names_in(shown), names_in(expected));
    EXPECT_EQ(names_in(shown.at("result")), names_in(expected.at("result")));
    auto const& step = shown.at("result").at("steps").at(1);
    EXPECT_EQ(names_in(step), names_in(expected.at("result").at("steps").at(1)));
    EXPECT_EQ(names_in(step.at("resolved")),
              names_in(expected.at("result").at("steps").at(1).at("resolved")));

    auto const expected_invocation = example("invocation-durable.json");
    auto const shown_invocation = show(invocation);
    EXPECT_EQ(names_in(shown_invocation), names_in(expected_invocation));
    EXPECT_EQ(names_in(shown_invocation.at("result")), names_in(expected_invocation.at("result")));
    EXPECT_EQ(names_in(shown_invocation.at("result").at("steps").at(1).at("resolved")),
              names_in(expected_invocation.at("result").at("steps").at(1).at("resolved")));
}

TEST_F(documents, move_with_time) {
    auto const* r =
        create({.queued = 100ms,
                .dispatching = 100ms,
                .steps = {{.call = "page.goto", .takes = 200ms},
                          {.call = "page.click", .takes = 250ms, .message = "Buying"}}});
    auto shown = show(r);
    EXPECT_EQ(shown.at("status"), "queued");
    EXPECT_EQ(shown.at("createdAt"), "2026-05-19T08:30:00.000Z");
    EXPECT_TRUE(shown.at("startedAt").is_null());
    EXPECT_TRUE(shown.at("progress").is_null());

    pass(250ms);
    shown = show(r);
    EXPECT_EQ(shown.at("status"), "running");
    EXPECT_EQ(shown.at("startedAt"), "2026-05-19T08:30:00.200Z");
    EXPECT_EQ(shown.at("currentCall"), "page.goto");
    EXPECT_EQ(shown.at("progress").at("step"), 1);
    EXPECT_EQ(shown.at("progress").at("totalSteps"), 2);

    pass(290ms);
    shown = show(r);
    EXPECT_EQ(shown.at("currentCall"), "page.click");
    EXPECT_EQ(shown.at("progress").at("message"), "Buying");
    EXPECT_EQ(shown.at("lastHeartbeatAt"), "2026-05-19T08:30:00.500Z");
    EXPECT_TRUE(shown.at("result").is_null());

    pass(1s);
    shown = show(r);
    EXPECT_EQ(shown.at("status"), "succeeded");
    EXPECT_EQ(shown.at("finishedAt"), "2026-05-19T08:30:00.650Z");
    EXPECT_TRUE(shown.at("currentCall").is_null());
    EXPECT_EQ(shown.at("result").at("ok"), true);
    EXPECT_EQ(shown.at("result").at("steps").as_array().size(), 2u);
    EXPECT_TRUE(shown.at("error").is_null());
}

TEST_F(documents, show_the_step_that_failed) {
    step_error const error{.code = "UNKNOWN_CALL",
                           .message = "There is no such call.",
                           .hint = "Did you mean page.click?",
                           .diagnostic = R"({"id":"d","fixes":[{"title":"Use page.click"}]})"};
    auto const* r =
        create({.steps = {{.call = "page.goto"}, {.call = "page.clik", .error = error}, {}}});
    pass(1s);
    auto const shown = show(r);
    EXPECT_EQ(shown.at("status"), "failed");
    EXPECT_EQ(shown.at("error").at("code"), "STEP_FAILED");
    EXPECT_EQ(shown.at("error").at("details").at("stepIndex"), 1);
    EXPECT_EQ(shown.at("currentCall"), "page.clik");
    auto const& steps = shown.at("result").at("steps").as_array();
    ASSERT_EQ(steps.size(), 2u);
    EXPECT_EQ(names_in(steps[1]), (std::set<std::string>{"index", "ok", "call", "error"}));
    EXPECT_EQ(steps[1].at("error").at("diagnostic").at("fixes").at(0).at("title"),
              "Use page.click");
}

TEST_F(documents, show_the_step_that_ran_out_of_time) {
    auto const* r =
        create({.steps = {{}, {.takes = 1h}}, .running = 50ms, .end = ending::timed_out});
    pass(1s);
    auto const shown = show(r);
    EXPECT_EQ(shown.at("status"), "timed_out");
    EXPECT_EQ(shown.at("error").at("details").at("timeoutMs"), 50);
    EXPECT_EQ(shown.at("result").at("ok"), false);
    EXPECT_EQ(shown.at("result").at("steps").at(1).at("error").at("code"), "TIMEOUT");
}

TEST_F(documents, show_a_cancellation) {
    auto const* r = create({.steps = {{.takes = 50ms}, {.takes = 1h}}}, resource_kind::invocation);
    pass(70ms);
    things.cancel(*r, now);
    auto shown = show(r);
    EXPECT_EQ(shown.at("status"), "cancelling");
    EXPECT_EQ(shown.at("cancelRequestedAt"), "2026-05-19T08:30:00.070Z");
    pass(20ms);
    shown = show(r);
    EXPECT_EQ(shown.at("status"), "cancelled");
    EXPECT_EQ(shown.at("durationMs"), 90);
    EXPECT_EQ(shown.at("progress").at("step"), 2);
    EXPECT_EQ(shown.at("progress").at("lastEventType"), "cancel.requested");
    EXPECT_TRUE(shown.at("result").is_null());
    EXPECT_EQ(shown.at("error").at("message"), "Cancelled on request.");
}

TEST_F(documents, of_something_cancelled_in_the_queue_never_started) {
    auto const* r = create({.queued = 1h}, resource_kind::invocation);
    things.cancel(*r, now);
    pass(1min);
    auto const shown = show(r);
    EXPECT_EQ(shown.at("status"), "cancelled");
    EXPECT_TRUE(shown.at("startedAt").is_null());
    EXPECT_TRUE(shown.at("durationMs").is_null());
    EXPECT_TRUE(shown.at("progress").is_null());
}

} // namespace
} // namespace bctrl::emulator
