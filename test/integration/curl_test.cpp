// A client that nobody here wrote against the emulator: curl, over TLS.

#include "client_fixture.hpp"
#include "support/child_process.hpp"

#include <bctrl/json.hpp>

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace bctrl::test {
namespace {

using testing::HasSubstr;

class curl : public testing::Test {
protected:
    ended_process ask(std::vector<std::string> words, std::string const& path,
                      std::string const& key = emulator_key) const {
        words.insert(words.begin(),
                     {BCTRL_CURL, "--silent", "--show-error", "--max-time", "30", "--cacert",
                      emulator_.config().ca_file, "--header", "Authorization: Bearer " + key});
        words.push_back(emulator_.config().base_url + path);
        return run_program({.words = words});
    }

    secure_emulator emulator_;
};

TEST_F(curl, creates_gets_and_waits_for_an_operation) {
    auto const made =
        ask({"--json", R"({"id":"an-id","life":{"runtimeMs":100}})"}, "/emulator/operations");
    ASSERT_EQ(made.exit_code, 0) << made.err;
    EXPECT_EQ(boost::json::parse(made.out).at("id"), "an-id");

    auto const got = ask({}, "/v1/operations/an-id");
    EXPECT_EQ(from_json<operation>(got.out).id, "an-id") << got.err;

    auto const waited = ask({"--json", R"({"timeoutMs":20000})"}, "/v1/operations/an-id/wait");
    auto const seen = from_json<operation_wait_result>(waited.out);
    EXPECT_EQ(seen.operation.status, durable_status::succeeded) << waited.err;
    EXPECT_FALSE(seen.timed_out_waiting);
}

TEST_F(curl, waits_without_a_body_and_cancels) {
    emulator_.server().create_operation(life_of(1h), "an-id");
    auto const asked = ask({"--request", "POST"}, "/v1/operations/an-id/cancel");
    EXPECT_EQ(from_json<operation>(asked.out).status, durable_status::cancelling) << asked.err;
    auto const waited = ask({"--request", "POST"}, "/v1/operations/an-id/wait");
    EXPECT_EQ(from_json<operation_wait_result>(waited.out).operation.status,
              durable_status::cancelled)
        << waited.err;
}

TEST_F(curl, is_refused_with_another_key) {
    auto const refused = ask({"--write-out", "%{http_code}"}, "/v1/operations/an-id", "wrong");
    EXPECT_THAT(refused.out, HasSubstr("auth.invalid_key"));
    EXPECT_THAT(refused.out, testing::EndsWith("401"));
}

TEST_F(curl, keeps_its_connection_and_may_offer_http_2) {
    emulator_.server().create_operation(life_of(1h), "an-id");
    auto const path = "/v1/operations/an-id";
    auto const twice =
        ask({"--http2", "--write-out", "%{http_code}", emulator_.config().base_url + path}, path);
    EXPECT_THAT(twice.out, testing::EndsWith("200"));
    EXPECT_EQ(emulator_.server().stats().requests, 2U);
    EXPECT_EQ(emulator_.server().stats().connections_total, 1U);
}

} // namespace
} // namespace bctrl::test
