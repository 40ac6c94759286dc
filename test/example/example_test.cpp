// The example programs against the emulator: what they print and how they end.

#include "integration/client_fixture.hpp"
#include "integration/emulator_peer.hpp"
#include "support/child_process.hpp"

#include <gmock/gmock.h>

#include <csignal>
#include <string>
#include <vector>

namespace bctrl::test {
namespace {

using emulator::eventually;
using testing::HasSubstr;
using testing::StartsWith;

MATCHER_P2(ended_with, code, out, "") {
    *result_listener << "exit code " << arg.exit_code << ", printed: " << arg.out
                     << ", said: " << arg.err;
    return arg.exit_code == code && arg.out == out && arg.err.empty();
}

class example : public testing::Test {
protected:
    program_start start(std::string const& name, std::vector<std::string> ids) const {
        ids.insert(ids.begin(), std::string{BCTRL_EXAMPLES "/"} + name);
        return {.words = std::move(ids),
                .environment = {{"BCTRL_API_KEY", emulator_key},
                                {"BCTRL_BASE_URL", emulator_.base_url()}}};
    }
    ended_process run(std::string const& name, std::vector<std::string> const& ids) const {
        return run_program(start(name, ids));
    }

    emulator::server emulator_;
};

TEST_F(example, one_wait_tells_how_an_operation_ended) {
    auto const id = emulator_.create_operation(life_of(100ms));
    EXPECT_THAT(run("one_wait", {id}), ended_with(0, "ended: succeeded\n"));
}

TEST_F(example, one_wait_explains_a_failure) {
    auto script = life_of(10ms);
    script.steps[0].error = emulator::step_error{"UNKNOWN_CALL", "There is no such call."};
    auto const ended = run("one_wait", {emulator_.create_operation(script)});
    EXPECT_EQ(ended.exit_code, 0);
    EXPECT_THAT(ended.out, StartsWith("ended: failed\n"));
    EXPECT_THAT(ended.out, HasSubstr("There is no such call."));
}

TEST_F(example, many_waits_waits_for_either_and_for_both) {
    auto const slow = emulator_.create_operation(life_of(600ms), "slow");
    auto const quick = emulator_.create_operation(life_of(100ms), "quick");
    EXPECT_THAT(run("many_waits", {slow, quick}),
                ended_with(0, "quick ended first\nboth ended: succeeded and succeeded\n"));
}

TEST_F(example, set_of_waits_tells_each_ending_as_it_comes) {
    auto const slow = emulator_.create_operation(life_of(600ms), "slow");
    auto const quick = emulator_.create_operation(life_of(100ms), "quick");
    EXPECT_THAT(run("set_of_waits", {slow, "no-such-id", quick}),
                ended_with(0, "no-such-id not found\nquick succeeded\nslow succeeded\n"));
}

TEST_F(example, first_of_many_has_the_others_cancelled) {
    auto const slow = emulator_.create_operation(life_of(1h), "slow");
    auto const quick = emulator_.create_operation(life_of(100ms), "quick");
    EXPECT_THAT(run("first_of_many", {slow, quick}),
                ended_with(0, "quick succeeded\nslow is not needed any more\n"));
    EXPECT_TRUE(eventually([&] { return emulator_.ended_at(slow).has_value(); }));
}

TEST_F(example, watch_one_shows_each_step_and_complains_of_a_bad_end) {
    auto script = life_of(300ms);
    script.steps.push_back(script.steps[0]);
    script.steps.push_back(script.steps[0]);
    auto const good = run("watch_one", {emulator_.create_operation(script)});
    EXPECT_EQ(good.exit_code, 0) << good.err;
    auto seen = good.out.find("running, step 1\n");
    for (auto const* next : {"running, step 2\n", "running, step 3\n", "succeeded"}) {
        ASSERT_NE(seen, std::string::npos) << good.out;
        seen = good.out.find(next, seen);
    }
    EXPECT_NE(seen, std::string::npos) << good.out;

    script.steps[1].error = emulator::step_error{"UNKNOWN_CALL", "There is no such call."};
    auto const bad = run("watch_one", {emulator_.create_operation(script)});
    EXPECT_EQ(bad.exit_code, 1);
    EXPECT_THAT(bad.err, HasSubstr("There is no such call."));
}

TEST_F(example, cancel_on_signal_stops_waiting_and_nothing_else) {
    auto const id = emulator_.create_operation(life_of(1h));
    child_process waiting{start("cancel_on_signal", {id})};
    ASSERT_TRUE(eventually([&] { return emulator_.stats().parked == 1; }));
    waiting.signal(SIGINT);
    EXPECT_THAT(waiting.wait(), ended_with(0, "stopped waiting; the operation goes on\n"));
    EXPECT_FALSE(emulator_.ended_at(id));
}

TEST_F(example, cancel_on_signal_tells_how_an_operation_ended) {
    auto const id = emulator_.create_operation(life_of(100ms));
    EXPECT_THAT(run("cancel_on_signal", {id}), ended_with(0, "ended: succeeded\n"));
}

TEST_F(example, without_coroutines_calls_back_and_keeps_its_promise) {
    auto const id = emulator_.create_operation(life_of(1s));
    EXPECT_THAT(run("without_coroutines", {id}),
                ended_with(0, "callback: running\nfuture: succeeded\n"));
}

TEST_F(example, each_says_how_to_use_it_and_what_went_wrong) {
    for (std::string const name : {"one_wait", "many_waits", "set_of_waits", "first_of_many",
                                   "watch_one", "cancel_on_signal", "without_coroutines"}) {
        auto const used_wrongly = run(name, {});
        EXPECT_EQ(used_wrongly.exit_code, 2);
        EXPECT_THAT(used_wrongly.err, StartsWith("usage: " + name + " "));

        auto without_key = start(name, {"an-id"});
        if (name == "many_waits") without_key.words.push_back("another-id");
        without_key.environment.erase("BCTRL_API_KEY");
        auto const refused = run_program(without_key);
        EXPECT_EQ(refused.exit_code, 1);
        EXPECT_THAT(refused.err, HasSubstr("BCTRL_API_KEY"));
    }
}

TEST_F(example, an_unknown_operation_is_an_error) {
    for (std::string const name :
         {"one_wait", "watch_one", "cancel_on_signal", "without_coroutines"}) {
        auto const ended = run(name, {"no-such-id"});
        EXPECT_EQ(ended.exit_code, 1) << name;
        EXPECT_THAT(ended.err, HasSubstr("not found")) << name;
    }
}

} // namespace
} // namespace bctrl::test
