#include <bctrl/expect_succeeded.hpp>

#include <bctrl/json.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <utility>

namespace bctrl {
namespace {

std::string document(std::string const& name) {
    std::ifstream file{BCTRL_TEST_DATA "/" + name};
    return {std::istreambuf_iterator<char>{file}, {}};
}

operation an_operation_that(durable_status status) {
    operation made;
    made.id = "op_1";
    made.status = status;
    return made;
}

template <class Error, class Of>
std::string what_is_said_of(Of of) {
    try {
        expect_succeeded(std::move(of));
    } catch (Error const& said) {
        return said.what();
    }
    return "it succeeded";
}

TEST(expect_succeeded, gives_the_work_back) {
    auto const good = an_operation_that(durable_status::succeeded);
    EXPECT_EQ(expect_succeeded(good), good);
    EXPECT_EQ(expect_succeeded(operation_wait_result{good, false, {}}), good);
    invocation inv;
    inv.status = durable_status::succeeded;
    EXPECT_EQ(expect_succeeded(inv), inv);
    EXPECT_EQ(expect_succeeded(invocation_wait_result{inv, false, {}}), inv);
}

TEST(expect_succeeded, tells_all_there_is_to_a_failed_step) {
    auto const bad = from_json<operation>(document("operation-failed.json"));
    EXPECT_EQ(what_is_said_of<operation_failed>(bad),
              "operation c1f0a9a2-0b55-4f0e-8a5e-52d1f3a7d004 ended as failed: "
              "step 1 (page.clik) failed: There is no call named page.clik.\n"
              "  code      UNKNOWN_CALL\n"
              "  hint      Did you mean page.click?\n"
              "  received  page.clik\n"
              "  expected  a call of the playwright driver\n"
              "  closest   page.click, page.check\n"
              "  fix       Use page.click\n"
              "            {\"call\":\"page.click\",\"args\":[\"#buy\"]}\n"
              "  fix       List the calls of this runtime\n"
              "            bctrl help calls\n"
              "  see       https://docs.example.com/errors/unknown-call");
}

TEST(expect_succeeded, tells_the_error_of_the_work_without_a_failed_step) {
    auto bad = an_operation_that(durable_status::cancelled);
    EXPECT_EQ(what_is_said_of<operation_failed>(bad), "operation op_1 ended as cancelled");
    bad.error = durable_error{"WORKSPACE_GONE", "The workspace was deleted.", {}, {}};
    EXPECT_EQ(what_is_said_of<operation_failed>(bad),
              "operation op_1 ended as cancelled: The workspace was deleted.\n"
              "  code      WORKSPACE_GONE");
}

TEST(expect_succeeded, does_not_take_a_pause_for_an_end) {
    operation_wait_result const seen{an_operation_that(durable_status::running), true, {}};
    EXPECT_EQ(what_is_said_of<operation_failed>(seen),
              "operation op_1 has not ended: it is running");
}

TEST(expect_succeeded, throws_what_can_be_looked_into) {
    auto const bad = from_json<operation>(document("operation-failed.json"));
    try {
        expect_succeeded(bad);
        FAIL() << "it failed";
    } catch (work_failed const& said) {
        EXPECT_EQ(said.status(), durable_status::failed);
        auto const* const of_operation = dynamic_cast<operation_failed const*>(&said);
        ASSERT_TRUE(of_operation);
        EXPECT_EQ(of_operation->operation(), bad);
        EXPECT_EQ(first_failed_step(of_operation->operation())->index, 1);
    }
    auto const inv = from_json<invocation>(document("invocation-inline.json"));
    try {
        expect_succeeded(inv);
        FAIL() << "it failed";
    } catch (invocation_failed const& said) {
        EXPECT_EQ(said.invocation(), inv);
        EXPECT_EQ(std::string{said.what()}.find("invocation " + inv.id + " ended as failed: "), 0U);
    }
}

TEST(expect_succeeded, tells_a_wait_that_failed_from_work_that_did) {
    ended_work one{{durable_kind::operation, "op_1"}};
    one.error = errc::not_found;
    try {
        expect_succeeded(one);
        FAIL() << "it was not found";
    } catch (request_error const& said) {
        EXPECT_EQ(said.code(), errc::not_found);
        EXPECT_EQ(said.details().resource_id, "op_1");
    }
    one.error = {};
    one.state = an_operation_that(durable_status::timed_out);
    EXPECT_EQ(what_is_said_of<operation_failed>(one), "operation op_1 ended as timed_out");
    one.state = an_operation_that(durable_status::succeeded);
    EXPECT_EQ(expect_succeeded(one).operation()->id, "op_1");
}

TEST(durable_work, has_succeeded_or_failed_or_neither) {
    for (auto const& known : enum_texts<durable_status>::all) {
        auto const seen = an_operation_that(known.value);
        EXPECT_EQ(succeeded(seen), known.text == "succeeded");
        EXPECT_EQ(failed(seen), is_terminal(known.value) && known.text != "succeeded");
        invocation other;
        other.status = known.value;
        EXPECT_EQ(succeeded(other), succeeded(seen));
        EXPECT_EQ(failed(other), failed(seen));
    }
}

} // namespace
} // namespace bctrl
