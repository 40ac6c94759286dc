#include "emulator/model/course.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace bctrl::emulator {
namespace {

using namespace std::chrono_literals;

step good(std::chrono::milliseconds takes) {
    return {.call = "page.click", .takes = takes};
}
step bad(std::chrono::milliseconds takes) {
    return {.call = "page.clik", .takes = takes, .error = step_error{}};
}

struct course_case {
    std::string name;
    life script;
    std::chrono::milliseconds starts, ends;
    status end;
    std::size_t done;
    std::optional<std::size_t> failed;
};

std::ostream& operator<<(std::ostream& out, course_case const& c) {
    return out << c.name;
}

class courses : public testing::TestWithParam<course_case> {};

TEST_P(courses, go_as_scripted) {
    auto const& expected = GetParam();
    ASSERT_EQ(fault_in(expected.script), std::nullopt);
    auto const c = course_of(expected.script);
    EXPECT_EQ(c.starts, expected.starts);
    EXPECT_EQ(c.ends, expected.ends);
    EXPECT_EQ(c.end, expected.end);
    EXPECT_EQ(c.steps_done, expected.done);
    EXPECT_EQ(c.step_failed, expected.failed);
}

INSTANTIATE_TEST_SUITE_P(
    all, courses,
    testing::Values(
        course_case{"default", {}, 0ms, 40ms, status::succeeded, 2, {}},
        course_case{"delays come first",
                    {.queued = 5ms, .dispatching = 7ms, .steps = {good(10ms)}},
                    12ms,
                    22ms,
                    status::succeeded,
                    1,
                    {}},
        course_case{"no steps", {.steps = {}}, 0ms, 0ms, status::succeeded, 0, {}},
        course_case{"longer than its steps",
                    {.steps = {good(10ms)}, .running = 50ms},
                    0ms,
                    50ms,
                    status::succeeded,
                    1,
                    {}},
        course_case{"the first failing step ends it",
                    {.steps = {good(10ms), bad(5ms), bad(5ms)}},
                    0ms,
                    15ms,
                    status::failed,
                    1,
                    1},
        course_case{"a failing step that takes no time",
                    {.steps = {bad(0ms)}},
                    0ms,
                    0ms,
                    status::failed,
                    0,
                    0},
        course_case{"failed without a failing step",
                    {.steps = {good(10ms)}, .end = ending::failed},
                    0ms,
                    10ms,
                    status::failed,
                    1,
                    {}},
        course_case{"out of time within a step",
                    {.steps = {good(10ms), good(90ms)}, .running = 50ms, .end = ending::timed_out},
                    0ms,
                    50ms,
                    status::timed_out,
                    1,
                    1},
        course_case{"out of time on the last moment",
                    {.steps = {good(10ms), good(10ms)}, .end = ending::timed_out},
                    0ms,
                    20ms,
                    status::timed_out,
                    1,
                    1},
        course_case{"a step that runs out of time",
                    {.steps = {bad(10ms), good(10ms)}, .end = ending::timed_out},
                    0ms,
                    10ms,
                    status::timed_out,
                    0,
                    0},
        course_case{"cancelled by someone within a step",
                    {.steps = {good(10ms), good(90ms)}, .running = 50ms, .end = ending::cancelled},
                    0ms,
                    50ms,
                    status::cancelled,
                    1,
                    {}}));

TEST(course, refuses_the_impossible) {
    EXPECT_TRUE(fault_in({.queued = -1ms}));
    EXPECT_TRUE(fault_in({.dispatching = std::chrono::days{31}}));
    EXPECT_TRUE(fault_in({.steps = {good(-1ms)}}));
    EXPECT_TRUE(fault_in({.steps = {{.result = "{"}}}));
    EXPECT_TRUE(fault_in({.steps = {{.error = step_error{.diagnostic = "[]"}}}}));
    EXPECT_TRUE(fault_in({.error = life_error{.details = "1"}}));
    EXPECT_TRUE(fault_in({.steps = {bad(1ms)}, .end = ending::succeeded}));
    EXPECT_TRUE(fault_in({.steps = {good(10ms)}, .running = 5ms}));
    EXPECT_TRUE(fault_in({.steps = std::vector<step>(1001)}));
    EXPECT_FALSE(fault_in({.steps = {good(10ms)}, .running = 5ms, .end = ending::failed}));
}

TEST(course, passes_through_its_stages) {
    life const script{
        .queued = 10ms, .dispatching = 10ms, .steps = {good(10ms), good(10ms)}, .running = 100ms};
    EXPECT_EQ(stage_at(script, 9ms).now, status::queued);
    EXPECT_EQ(stage_at(script, 10ms).now, status::dispatching);
    EXPECT_EQ(stage_at(script, 20ms).now, status::running);
    EXPECT_EQ(stage_at(script, 29ms).step, 0u);
    EXPECT_EQ(stage_at(script, 30ms).step, 1u);
    EXPECT_EQ(stage_at(script, 119ms).step, 1u);
}

} // namespace
} // namespace bctrl::emulator
