#include "emulator/service/service.hpp"
#include "emulator/model/json_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <gtest/gtest.h>

#include <string>

namespace bctrl::emulator {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

struct services : testing::Test {
    reply ask(std::string method, std::string target, std::string body = "") {
        return api.handle({.method = std::move(method),
                           .target = std::move(target),
                           .authorization = "Bearer bctrl_emulator_key",
                           .content_type = "application/json",
                           .body = std::move(body)},
                          now);
    }
    response answer(std::string method, std::string target, std::string body = "") {
        return std::get<response>(ask(std::move(method), std::move(target), std::move(body)));
    }
    void expect_failure(reply const& given, unsigned status, std::string_view code) {
        auto const& failed = std::get<response>(given);
        EXPECT_EQ(failed.status, status);
        auto const body = parse_json(failed.body).value();
        EXPECT_EQ(body.as_object().size(), 6u);
        EXPECT_EQ(body.at("code"), json::value(code));
        EXPECT_EQ(body.at("requestId"), json::value(failed.request_id));
        EXPECT_TRUE(body.at("error").is_string());
        EXPECT_TRUE(body.at("hint").is_string());
        EXPECT_TRUE(body.at("reasonClass").is_string());
        EXPECT_TRUE(body.at("details").is_object());
    }

    time_point now{};
    world all{{.default_wait = 20s, .longest_wait = 30s}, calendar{now, {}}, 1};
    service api{all};
};

TEST_F(services, ask_for_a_key) {
    request asked{.method = "GET", .target = "/emulator/stats"};
    expect_failure(api.handle(asked, now), 401, "auth.required");
    for (auto const* wrong : {"Bearer", "Bearer ", "Bearer other", "Basic bctrl_emulator_key"}) {
        asked.authorization = wrong;
        EXPECT_EQ(std::get<response>(api.handle(asked, now)).status, 401u) << wrong;
    }
    asked.authorization = "bearer bctrl_emulator_key";
    EXPECT_EQ(std::get<response>(api.handle(asked, now)).status, 200u);
}

TEST_F(services, tell_unknown_things_apart) {
    expect_failure(ask("GET", "/v1/operations/x"), 404, "operation.not_found");
    expect_failure(ask("POST", "/v1/operations/x/wait"), 404, "operation.not_found");
    expect_failure(ask("POST", "/v1/invocations/x/cancel"), 404, "invocation.not_found");
    expect_failure(ask("GET", "/v1/runs/x/commands"), 404, "run.not_found");
    expect_failure(ask("GET", "/v1/operations"), 404, "route.not_found");
    expect_failure(ask("GET", "/v1/operations/x/y/z"), 404, "route.not_found");
    expect_failure(ask("GET", "/"), 404, "route.not_found");
    expect_failure(ask("GET", "/v1/operations/%x"), 400, "validation.error");
}

TEST_F(services, name_the_allowed_methods) {
    auto const refused = answer("DELETE", "/v1/operations/x");
    expect_failure(refused, 405, "method.not_allowed");
    ASSERT_EQ(refused.headers.size(), 1u);
    EXPECT_EQ(refused.headers[0].first, "allow");
    EXPECT_EQ(refused.headers[0].second, "GET, HEAD");
    EXPECT_EQ(answer("GET", "/v1/operations/x/wait").headers.at(0).second, "POST");
}

TEST_F(services, are_strict_about_bodies) {
    answer("POST", "/emulator/operations", R"({"id":"a"})");
    expect_failure(ask("GET", "/v1/operations/a", "{}"), 415, "request.body_not_allowed");
    expect_failure(ask("POST", "/v1/operations/a/cancel", "{}"), 415, "request.body_not_allowed");
    expect_failure(ask("POST", "/v1/operations/a/wait", "{"), 400, "validation.error");
    expect_failure(ask("POST", "/v1/operations/a/wait", "[]"), 400, "validation.error");
    expect_failure(ask("POST", "/v1/operations/a/wait", R"({"timeoutMs":-1})"), 400,
                   "validation.error");
    expect_failure(ask("POST", "/v1/operations/a/wait", R"({"timeoutMs":"1"})"), 400,
                   "validation.error");
    request form{.method = "POST",
                 .target = "/v1/operations/a/wait",
                 .authorization = "Bearer bctrl_emulator_key",
                 .content_type = "application/x-www-form-urlencoded",
                 .body = "{}"};
    expect_failure(api.handle(form, now), 415, "request.unsupported_media_type");
    form.content_type = "Application/JSON; charset=utf-8";
    EXPECT_TRUE(std::holds_alternative<parking>(api.handle(form, now)));
}

TEST_F(services, park_a_wait_for_as_long_as_asked) {
    answer("POST", "/emulator/operations", R"({"id":"a","life":{"runtimeMs":60000}})");
    auto const limit = [&](std::string body) {
        return std::get<parking>(ask("POST", "/v1/operations/a/wait", std::move(body))).until - now;
    };
    EXPECT_EQ(limit(R"({"timeoutMs":7})"), 7ms);
    EXPECT_EQ(limit(""), 20s);
    EXPECT_EQ(limit("{}"), 20s);
    EXPECT_EQ(limit(R"({"timeoutMs":9007199254740991})"), 30s);
    EXPECT_EQ(limit(R"({"timeoutMs":9223372036854775807,"more":1})"), 30s);
}

TEST_F(services, answer_a_wait_at_once_that_needs_no_parking) {
    answer("POST", "/emulator/operations", R"({"id":"a","life":{"runtimeMs":100}})");
    auto const early =
        parse_json(answer("POST", "/v1/operations/a/wait", R"({"timeoutMs":0})").body).value();
    EXPECT_EQ(early.at("timedOutWaiting"), true);
    EXPECT_EQ(early.at("operation").at("status"), "running");
    now += 100ms;
    auto const late = parse_json(answer("POST", "/v1/operations/a/wait").body).value();
    EXPECT_EQ(late.at("timedOutWaiting"), false);
    EXPECT_EQ(late.at("operation").at("status"), "succeeded");
}

TEST_F(services, finish_waits_by_what_is_true_then) {
    answer("POST", "/emulator/invocations", R"({"id":"a","life":{"runtimeMs":100}})");
    auto const wait = std::get<parking>(ask("POST", "/v1/invocations/a/wait"));
    auto const finish = [&](wait_end why) {
        return parse_json(api.finish(wait, why, now).body).value();
    };
    EXPECT_EQ(finish(wait_end::timed_out).at("timedOutWaiting"), true);
    now += 100ms;
    EXPECT_EQ(finish(wait_end::timed_out).at("timedOutWaiting"), false);
    EXPECT_EQ(finish(wait_end::resource_ended).at("invocation").at("status"), "succeeded");
    answer("POST", "/emulator/reset");
    expect_failure(api.finish(wait, wait_end::resource_ended, now), 404, "invocation.not_found");
}

TEST_F(services, know_when_something_is_due) {
    EXPECT_EQ(api.next_due(), std::nullopt);
    answer("POST", "/emulator/operations", R"({"id":"a","life":{"runtimeMs":100}})");
    EXPECT_EQ(api.next_due(), now + 100ms);
    all.parked.add(all.things.find(resource_kind::operation, "a"), now + 50ms, [](wait_end) {});
    EXPECT_EQ(api.next_due(), now + 50ms);
}

TEST_F(services, cancel) {
    answer("POST", "/emulator/operations", R"({"id":"a","life":{"runtimeMs":1000,"cancelMs":10}})");
    auto const cancel = [&] {
        return parse_json(answer("POST", "/v1/operations/a/cancel").body).value();
    };
    EXPECT_EQ(cancel().at("status"), "cancelling");
    now += 5ms;
    EXPECT_EQ(cancel().at("status"), "cancelling");
    now += 5ms;
    EXPECT_EQ(cancel().at("status"), "cancelled");
}

TEST(service_options, let_cancel_refuse_what_is_over) {
    world all{{.on_cancel_terminal = cancel_terminal::conflict}, calendar{{}, {}}, 1};
    service api{all};
    request asked{.method = "POST",
                  .target = "/emulator/operations",
                  .authorization = "Bearer bctrl_emulator_key",
                  .content_type = "application/json",
                  .body = R"({"id":"a","life":{"steps":[]}})"};
    api.handle(asked, {});
    asked.target = "/v1/operations/a/cancel";
    asked.body.clear();
    auto const refused = std::get<response>(api.handle(asked, {}));
    EXPECT_EQ(refused.status, 409u);
    auto const body = parse_json(refused.body).value();
    EXPECT_EQ(body.at("code"), "operation.already_finished");
    EXPECT_EQ(body.at("details").at("status"), "succeeded");
}

TEST_F(services, create_all_or_nothing) {
    answer("POST", "/emulator/operations", R"({"id":"a"})");
    expect_failure(ask("POST", "/emulator/operations", R"([{"id":"b"},{"id":"a"}])"), 409,
                   "operation.already_exists");
    expect_failure(ask("POST", "/emulator/operations", R"([{"id":"b"},{"id":"b"}])"), 409,
                   "operation.already_exists");
    EXPECT_EQ(all.things.operations(), 1u);
    EXPECT_EQ(answer("POST", "/emulator/runs", R"({"id":"r","commands":2})").status, 201u);
    expect_failure(ask("POST", "/emulator/runs", R"({"id":"r","commands":2})"), 409,
                   "run.already_exists");
    EXPECT_EQ(all.things.invocations(), 2u);
}

TEST_F(services, put_the_invocations_of_one_request_into_one_run) {
    auto const made =
        parse_json(answer("POST", "/emulator/invocations", R"([{"count":3},{"runId":"r"}])").body);
    auto const& list = made->at("invocations").as_array();
    ASSERT_EQ(list.size(), 4u);
    EXPECT_EQ(list[0].at("runId"), list[2].at("runId"));
    EXPECT_EQ(list[2].at("sequenceNo"), 3);
    EXPECT_EQ(list[3].at("runId"), "r");
    EXPECT_EQ(list[3].at("sequenceNo"), 1);
}

TEST_F(services, page_through_commands) {
    answer("POST", "/emulator/runs",
           R"({"id":"r","commands":[{"count":3},{"life":{"queuedMs":9999}}]})");
    now += 1s;
    auto const page = [&](std::string query) {
        return parse_json(answer("GET", "/v1/runs/r/commands?" + query).body).value();
    };
    auto const first = page("limit=2&status=succeeded&include=result");
    EXPECT_EQ(first.at("commands").as_array().size(), 2u);
    auto const cursor = std::string{first.at("nextCursor").as_string()};
    auto const second = page("limit=2&status=succeeded&include=result&cursor=" + cursor);
    EXPECT_EQ(second.at("commands").as_array().size(), 1u);
    EXPECT_TRUE(second.at("nextCursor").is_null());
    EXPECT_EQ(page("order=desc").at("commands").at(0).at("status"), "queued");
    for (auto const* wrong : {"limit=0", "limit=-1", "limit=x", "limit=", "order=up", "cursor=x"}) {
        expect_failure(ask("GET", "/v1/runs/r/commands?" + std::string{wrong}), 400,
                       "validation.error");
    }
}

TEST_F(services, answer_head_like_get) {
    answer("POST", "/emulator/operations", R"({"id":"a"})");
    EXPECT_EQ(answer("HEAD", "/v1/operations/a").status, 200u);
    EXPECT_EQ(answer("HEAD", "/v1/operations/a/wait").status, 405u);
}

} // namespace
} // namespace bctrl::emulator
