#include "emulator/script/life_script.hpp"
#include "emulator/model/json_text.hpp"
#include "emulator/script/creation.hpp"
#include "emulator/script/json_fields.hpp"

#include <boost/json/object.hpp>

#include <gtest/gtest.h>

#include <ostream>
#include <string_view>

namespace bctrl::emulator {
namespace {

using namespace std::chrono_literals;

life read(std::string_view text) {
    return read_life(parse_json(text).value(), "life");
}

TEST(life_script, reads_every_member) {
    auto const script = read(R"({
        "queuedMs": 1, "dispatchingMs": 2, "runtimeMs": 30.0, "cancelMs": 4, "end": "timed_out",
        "error": {"code": "TIMEOUT", "message": "Too slow.", "details": {"a": [1]}},
        "steps": [
            {"call": "page.goto", "ms": 5, "result": {"b": null}, "message": "Going", "bind": "shop"},
            {"call": "page.clik", "ms": 6, "error": {"code": "UNKNOWN_CALL", "message": "No.",
                "hint": "Maybe.", "diagnostic": {"id": "d"}}}]})");
    EXPECT_EQ(script.queued, 1ms);
    EXPECT_EQ(script.dispatching, 2ms);
    EXPECT_EQ(script.running, 30ms);
    EXPECT_EQ(script.cancelling, 4ms);
    EXPECT_EQ(script.end, ending::timed_out);
    EXPECT_EQ(script.error->details, R"({"a":[1]})");
    ASSERT_EQ(script.steps.size(), 2u);
    EXPECT_EQ(script.steps[0].result, R"({"b":null})");
    EXPECT_EQ(script.steps[0].message, "Going");
    EXPECT_EQ(script.steps[0].bind, "shop");
    EXPECT_EQ(script.steps[1].takes, 6ms);
    EXPECT_EQ(script.steps[1].error->hint, "Maybe.");
    EXPECT_EQ(script.steps[1].error->diagnostic, R"({"id":"d"})");
}

TEST(life_script, of_nothing_is_a_short_success) {
    auto const script = read("{}");
    EXPECT_EQ(script.steps.size(), 2u);
    EXPECT_EQ(course_of(script).end, status::succeeded);
}

TEST(life_script, without_steps_takes_the_running_time) {
    auto const script = read(R"({"runtimeMs": 5})");
    ASSERT_EQ(script.steps.size(), 1u);
    EXPECT_EQ(course_of(script).ends, 5ms);
}

struct wrong_script {
    std::string_view text, where;
};

void PrintTo(wrong_script const& wrong, std::ostream* to) {
    *to << wrong.text;
}

class wrong_scripts : public testing::TestWithParam<wrong_script> {};

TEST_P(wrong_scripts, say_where) {
    try {
        read(GetParam().text);
        FAIL() << "accepted " << GetParam().text;
    } catch (script_fault const& fault) {
        EXPECT_EQ(fault.where(), GetParam().where) << fault.what();
    }
}

INSTANTIATE_TEST_SUITE_P(
    all, wrong_scripts,
    testing::Values(wrong_script{"1", "life"}, wrong_script{R"({"queuedms":1})", "life.queuedms"},
                    wrong_script{R"({"queuedMs":-1})", "life.queuedMs"},
                    wrong_script{R"({"queuedMs":1.5})", "life.queuedMs"},
                    wrong_script{R"({"queuedMs":18446744073709551615})", "life.queuedMs"},
                    wrong_script{R"({"end":"running"})", "life.end"},
                    wrong_script{R"({"steps":{}})", "life.steps"},
                    wrong_script{R"({"steps":[{},{"call":1}]})", "life.steps[1].call"},
                    wrong_script{R"({"steps":[{"error":{"diagnostic":[]}}]})",
                                 "life.steps[0].error.diagnostic"},
                    wrong_script{R"({"error":{"kode":""}})", "life.error.kode"},
                    wrong_script{R"({"steps":[{"error":{}}],"end":"succeeded"})", "life"}));

creation create(std::string_view text, resource_kind kind = resource_kind::operation) {
    return read_creation(kind, parse_json(text).value());
}

TEST(creation_script, tells_one_from_many) {
    EXPECT_FALSE(create("{}").is_list);
    EXPECT_EQ(create("{}").resources.size(), 1u);
    EXPECT_EQ(create("[{},{}]").resources.size(), 2u);
    EXPECT_EQ(create(R"({"operations":[{},{"count":3}]})").resources.size(), 4u);
    EXPECT_TRUE(create(R"({"count":1})").is_list);
    EXPECT_EQ(create("[]").resources.size(), 0u);
    EXPECT_EQ(create(R"({"invocations":[{}]})", resource_kind::invocation).resources.size(), 1u);
}

TEST(creation_script, is_checked) {
    for (auto const* wrong :
         {"null", R"({"invocations":[]})", R"({"id":""})", R"({"count":-1})", R"({"count":100001})",
          R"({"count":2,"id":"a"})", R"([{"count":60000},{"count":60000}])",
          R"({"runtimeKind":"toaster"})", R"({"runId":"r"})", R"({"operations":[{}],"life":{}})"}) {
        EXPECT_THROW(create(wrong), script_fault) << wrong;
    }
}

TEST(creation_script, reads_runs) {
    auto const read = [](std::string_view text) {
        return read_run_creation(parse_json(text).value());
    };
    EXPECT_EQ(read("{}").commands.size(), 0u);
    EXPECT_EQ(read(R"({"commands":7,"emptyPageAt":2})").commands.size(), 7u);
    auto const paged = read(R"({"id":"r","pages":[[{},{}],[],[{"count":3}]],"repeatCursorAt":2})");
    EXPECT_EQ(paged.id, "r");
    EXPECT_EQ(paged.commands.size(), 5u);
    EXPECT_EQ(paged.pages.sizes, (std::vector<std::size_t>{2, 0, 3}));
    EXPECT_EQ(paged.pages.repeat_cursor, 2u);
    EXPECT_THROW(read(R"({"pages":[1]})"), script_fault);
    EXPECT_THROW(read(R"({"commands":"7"})"), script_fault);
}

} // namespace
} // namespace bctrl::emulator
