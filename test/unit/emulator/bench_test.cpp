#include "emulator/model/json_text.hpp"
#include "emulator/service/service.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <gtest/gtest.h>

#include <string>

namespace bctrl::emulator {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

std::string const done = "01234567-0000-4000-8000-000000000000";
std::string const soon = "01234567-0000-4000-8000-000100000032"; // after 50 ms
std::string const held = "01234567-0000-4000-8000-0002ffffffff";

struct benches : testing::Test {
    reply ask(std::string method, std::string target) {
        return api.handle({.method = std::move(method),
                           .target = std::move(target),
                           .authorization = "Bearer bctrl_emulator_key"},
                          now);
    }
    json::value answer(std::string method, std::string target) {
        return body_of(std::get<response>(ask(std::move(method), std::move(target))));
    }
    static json::value body_of(response const& r) { return parse_json(r.body).value(); }
    json::value status_of(std::string const& id) {
        return answer("GET", "/v1/operations/" + id).at("status");
    }
    parking wait_for(std::string const& target, std::string const& method = "POST") {
        return std::get<parking>(ask(method, target));
    }

    time_point now{};
    world all{{.bench = true}, calendar{now, {}}, 1};
    service api{all};
};

TEST_F(benches, know_every_operation) {
    EXPECT_EQ(status_of(done), "succeeded");
    EXPECT_EQ(status_of(soon), "running");
    now += 49ms;
    EXPECT_EQ(status_of(soon), "running");
    now += 1ms;
    EXPECT_EQ(status_of(soon), "succeeded");
    auto const waited = answer("POST", "/v1/operations/" + done + "/wait");
    EXPECT_EQ(waited.at("operation").at("id"), json::value(done));
    EXPECT_EQ(waited.at("timedOutWaiting"), false);
    EXPECT_EQ(std::get<response>(ask("GET", "/v1/operations/not-one-of-them")).status, 404u);
    EXPECT_EQ(std::get<response>(ask("GET", "/v1/operations/1")).status, 404u);
    EXPECT_EQ(std::get<response>(ask("GET", "/v1/invocations/" + done)).status, 404u);
}

TEST_F(benches, release_on_request) {
    auto const path = "/v1/operations/" + held + "/wait";
    auto const wait = wait_for(path);
    std::optional<wait_end> why;
    all.park(wait, [&](wait_end end) { why = end; });
    now += 1h;
    EXPECT_EQ(status_of(held), "running");
    EXPECT_EQ(why, wait_end::timed_out);
    why.reset();
    all.park(wait_for(path), [&](wait_end end) { why = end; });
    EXPECT_EQ(answer("POST", "/admin/release").at("released"), 1);
    EXPECT_EQ(why, wait_end::resource_ended);
    EXPECT_EQ(body_of(api.finish(wait, *why, now)).at("operation").at("status"), "succeeded");
    EXPECT_EQ(answer("POST", "/admin/release").at("released"), 0);
    EXPECT_EQ(status_of(held), "succeeded");
}

TEST_F(benches, release_many_a_portion_at_a_time) {
    constexpr std::size_t many = 25'000;
    std::size_t ended = 0;
    for (std::size_t n = 0; n < many; ++n) {
        auto const id = std::to_string(10'000'000 + n) + "-0000-4000-8000-0000ffffffff";
        all.park(wait_for("/v1/operations/" + id + "/wait"), [&](wait_end) { ++ended; });
    }
    EXPECT_EQ(answer("POST", "/admin/release").at("released"), many);
    EXPECT_EQ(answer("POST", "/admin/release").at("released"), 0);
    for (auto before = ended; api.next_due() == time_point{}; before = ended) {
        EXPECT_LT(ended, many);
        all.end_released(now);
        EXPECT_GT(ended, before);
    }
    EXPECT_EQ(ended, many);
    EXPECT_NE(api.next_due(), time_point{});
}

TEST_F(benches, release_what_was_cancelled_or_forgotten) {
    status_of(held);
    answer("POST", "/v1/operations/" + held + "/cancel");
    now += 1min;
    EXPECT_EQ(status_of(held), "cancelled");
    EXPECT_EQ(answer("POST", "/admin/release").at("released"), 1);
    EXPECT_EQ(status_of(held), "cancelled");
    all.forget_everything();
    status_of(held);
    all.forget_everything();
    EXPECT_EQ(answer("POST", "/admin/release").at("released"), 0);
}

TEST_F(benches, count_what_is_parked) {
    EXPECT_EQ(json::serialize(answer("GET", "/admin/stats")),
              R"({"parked":0,"connsOpen":0,"connsTotal":0})");
    EXPECT_EQ(answer("GET", "/admin/parked?op=le&count=0&timeoutMs=99").at("parked"), 0);
    EXPECT_EQ(answer("GET", "/admin/parked?op=ge&count=1&timeoutMs=0").at("parked"), 0);
    auto const look = wait_for("/admin/parked?op=ge&count=1&timeoutMs=5000", "GET");
    EXPECT_EQ(look.until, now + 5s);
    std::optional<wait_end> why;
    all.park(look, [&](wait_end end) { why = end; });
    EXPECT_FALSE(why);
    all.park(wait_for("/v1/operations/" + held + "/wait"), [](wait_end) {});
    ASSERT_TRUE(why);
    auto const told = api.finish(look, *why, now);
    EXPECT_EQ(body_of(told).at("parked"), 1);
    EXPECT_EQ(told.request_id, look.request_id);
    for (auto const* wrong : {"", "?op=eq&count=1", "?op=ge&count=x", "?op=ge&count=1&timeoutMs=-"})
        EXPECT_EQ(answer("GET", std::string{"/admin/parked"} + wrong).at("code"),
                  "validation.error");
}

TEST(bench_routes, are_hidden_elsewhere) {
    world all{{}, calendar{{}, {}}, 1};
    service api{all};
    for (auto const* target : {"/admin/stats", "/v1/operations/00000000"}) {
        request const asked{
            .method = "GET", .target = target, .authorization = "Bearer bctrl_emulator_key"};
        EXPECT_EQ(std::get<response>(api.handle(asked, {})).status, 404u);
    }
}

} // namespace
} // namespace bctrl::emulator
