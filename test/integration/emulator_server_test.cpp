#include "emulator_peer.hpp"

#include <bctrl/emulator/server.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace bctrl::emulator {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

life const endless{.steps = {{.takes = 1h}}};

std::string path_of(std::string const& id, std::string const& verb = "") {
    return "/v1/operations/" + id + verb;
}

struct emulators : testing::Test {
    bool has_parked(std::size_t count) {
        return eventually([&] { return running.stats().parked == count; });
    }

    server running;
};

TEST_F(emulators, live_an_operation) {
    peer p{running.port()};
    auto const made =
        p.ask("POST", "/emulator/operations",
              R"({"life":{"queuedMs":15,"dispatchingMs":15,"steps":[{"ms":15},{"ms":15}]}})");
    ASSERT_EQ(made.status, 201u);
    auto const id = std::string{made.body().at("id").as_string()};
    std::vector<std::string> const stages{"queued", "dispatching", "running", "succeeded"};
    std::size_t stage = 0;
    EXPECT_EQ(made.body().at("status"), "queued");
    ASSERT_TRUE(eventually([&] {
        auto const shown = p.ask("GET", path_of(id)).body();
        auto const status = std::string{shown.at("status").as_string()};
        // A look may come too late for a stage, but never sees an earlier one again.
        while (stage < stages.size() && stages[stage] != status)
            ++stage;
        return stage + 1 >= stages.size();
    }));
    EXPECT_EQ(stage + 1, stages.size());
}

TEST_F(emulators, answer_a_wait_at_the_end) {
    peer p{running.port()};
    auto const began = steady_clock::now();
    auto const id = running.create_operation({.steps = {{.takes = 250ms}}});
    EXPECT_FALSE(running.ended_at(id));
    auto const got = p.ask("POST", path_of(id, "/wait"), R"({"timeoutMs":9000})");
    auto const answered = steady_clock::now();
    EXPECT_EQ(got.status, 200u);
    EXPECT_EQ(got.body().at("timedOutWaiting"), false);
    EXPECT_EQ(got.body().at("operation").at("status"), "succeeded");
    auto const ended = running.ended_at(id);
    ASSERT_TRUE(ended);
    EXPECT_GE(*ended - began, 250ms);
    EXPECT_LE(*ended, answered);
    EXPECT_EQ(running.stats().parked, 0u);
}

TEST_F(emulators, answer_a_wait_when_its_time_is_over) {
    peer p{running.port()};
    auto const id = running.create_operation(endless);
    auto const began = steady_clock::now();
    auto const got = p.ask("POST", path_of(id, "/wait"), R"({"timeoutMs":50})");
    EXPECT_GE(steady_clock::now() - began, 50ms);
    EXPECT_EQ(got.body().at("timedOutWaiting"), true);
    EXPECT_EQ(got.body().at("operation").at("status"), "running");
    EXPECT_EQ(p.ask("GET", path_of(id)).status, 200u);
}

TEST_F(emulators, notice_a_client_that_leaves) {
    auto const id = running.create_operation(endless);
    peer stays{running.port()}, leaves{running.port()};
    stays.send(request_text("POST", path_of(id, "/wait")));
    leaves.send(request_text("POST", path_of(id, "/wait")));
    ASSERT_TRUE(has_parked(2));
    leaves.close();
    ASSERT_TRUE(has_parked(1));
    EXPECT_EQ(running.stats().waits_abandoned, 1u);
    EXPECT_TRUE(eventually([&] { return running.stats().connections_open == 1; }));
}

TEST_F(emulators, cancel_what_others_wait_for) {
    auto const id = running.create_operation({.steps = {{.takes = 1h}}, .cancelling = 30ms});
    peer waits{running.port()}, cancels{running.port()};
    waits.send(request_text("POST", path_of(id, "/wait")));
    ASSERT_TRUE(has_parked(1));
    auto const cancelled = cancels.ask("POST", path_of(id, "/cancel"));
    EXPECT_EQ(cancelled.status, 200u);
    EXPECT_EQ(cancelled.body().at("status"), "cancelling");
    auto const got = waits.receive().body();
    EXPECT_EQ(got.at("timedOutWaiting"), false);
    EXPECT_EQ(got.at("operation").at("status"), "cancelled");
    auto const again = cancels.ask("POST", path_of(id, "/cancel"));
    EXPECT_EQ(again.status, 200u);
    EXPECT_EQ(again.body().at("status"), "cancelled");
}

TEST_F(emulators, wait_for_invocations_too) {
    auto const id = running.create_invocation({.steps = {{.takes = 30ms}}});
    peer p{running.port()};
    auto const got = p.ask("POST", "/v1/invocations/" + id + "/wait").body();
    EXPECT_EQ(got.at("invocation").at("status"), "succeeded");
    EXPECT_EQ(got.at("invocation").at("durationMs"), 30);
    EXPECT_TRUE(running.ended_at(id));
}

TEST_F(emulators, answer_everyone_who_waits) {
    auto const id = running.create_operation(endless);
    std::vector<std::unique_ptr<peer>> peers;
    for (int i = 0; i < 100; ++i) {
        peers.push_back(std::make_unique<peer>(running.port()));
        peers.back()->send(request_text("POST", path_of(id, "/wait")));
    }
    ASSERT_TRUE(has_parked(100));
    peer{running.port()}.ask("POST", path_of(id, "/cancel"));
    for (auto const& p : peers)
        EXPECT_EQ(p->receive().body().at("operation").at("status"), "cancelled");
}

TEST_F(emulators, refuse_in_the_envelope) {
    struct {
        std::string text;
        unsigned status;
        std::string_view code;
    } const cases[]{
        {"GET /v1/operations/x HTTP/1.1\r\nHost: x\r\n\r\n", 401, "auth.required"},
        {"GET /v1/operations/x HTTP/1.1\r\nAuthorization: Bearer y\r\n\r\n", 401,
         "auth.invalid_key"},
        {request_text("GET", "/v1/operations/a%2Fb"), 404, "operation.not_found"},
        {request_text("GET", "/v1/nothing"), 404, "route.not_found"},
        {request_text("PUT", "/v1/operations/x"), 405, "method.not_allowed"},
        {request_text("POST", "/emulator/operations", "{"), 400, "validation.error"},
        {request_text("GET", "/emulator/stats", "{}"), 415, "request.body_not_allowed"},
    };
    peer p{running.port()};
    for (auto const& c : cases) {
        p.send(c.text);
        auto const got = p.receive();
        auto const body = got.body();
        EXPECT_EQ(got.status, c.status) << c.text;
        EXPECT_EQ(body.at("code"), boost::json::value(c.code)) << c.text;
        EXPECT_EQ(std::string{body.at("requestId").as_string()},
                  std::string{got.headers["x-request-id"]});
        EXPECT_EQ(body.as_object().size(), 6u);
    }
    EXPECT_EQ(running.stats().connections_total, 1u);
}

TEST_F(emulators, close_after_what_they_cannot_parse) {
    peer nonsense{running.port()}, too_large{running.port()};
    nonsense.send("\x16\x03\x01 hello\r\n\r\n");
    EXPECT_EQ(nonsense.receive().status, 400u);
    too_large.send("POST /emulator/operations HTTP/1.1\r\nContent-Length: 8388609\r\n\r\n{");
    auto const refused = too_large.receive();
    EXPECT_EQ(refused.status, 413u);
    EXPECT_EQ(refused.body().at("code"), "request.too_large");
    EXPECT_TRUE(nonsense.meets_end());
    EXPECT_TRUE(too_large.meets_end());
}

TEST_F(emulators, answer_pipelined_requests_in_order) {
    auto const id = running.create_operation({.steps = {{.takes = 50ms}}});
    peer p{running.port()};
    p.send(request_text("POST", path_of(id, "/wait")) + request_text("GET", path_of(id)) +
           request_text("GET", path_of("nobody")));
    EXPECT_EQ(p.receive().body().at("timedOutWaiting"), false);
    EXPECT_EQ(p.receive().body().at("status"), "succeeded");
    EXPECT_EQ(p.receive().status, 404u);
}

TEST_F(emulators, let_a_client_send_that_asks_first) {
    peer p{running.port()};
    p.send(request_text("POST", "/emulator/operations", "{}", "Expect: 100-continue\r\n"));
    EXPECT_EQ(p.receive().status, 201u); // the body was there already, so nothing was asked
    auto const whole =
        request_text("POST", "/emulator/operations", "{}", "Expect: 100-continue\r\n");
    p.send(whole.substr(0, whole.size() - 2));
    EXPECT_EQ(p.receive().status, 100u);
    p.send("{}");
    EXPECT_EQ(p.receive().status, 201u);
}

TEST_F(emulators, close_when_asked_to) {
    peer p{running.port()};
    p.send(request_text("GET", "/emulator/stats", "", "Connection: close\r\n"));
    auto const got = p.receive();
    EXPECT_EQ(got.status, 200u);
    EXPECT_EQ(got.headers["connection"], "close");
    EXPECT_TRUE(p.meets_end());
}

TEST_F(emulators, create_a_thousand_at_once) {
    peer p{running.port()};
    std::string body = "[";
    for (int i = 0; i < 1000; ++i)
        body += std::string{i == 0 ? "" : ","} + R"({"life":{"runtimeMs":20}})";
    auto const made = p.ask("POST", "/emulator/operations", body + "]");
    ASSERT_EQ(made.status, 201u);
    std::set<std::string> ids;
    auto const document = made.body();
    for (auto const& one : document.at("operations").as_array())
        ids.insert(std::string{one.at("id").as_string()});
    EXPECT_EQ(ids.size(), 1000u);
    for (auto const& id : ids) {
        auto const got = p.ask("POST", path_of(id, "/wait")).body();
        ASSERT_EQ(got.at("operation").at("status"), "succeeded");
    }
    EXPECT_EQ(running.stats().operations, 1000u);
}

TEST_F(emulators, page_through_a_run) {
    peer p{running.port()};
    auto const run = std::string{"/v1/runs/r%20%2F/commands"};
    p.ask(
        "POST", "/emulator/runs",
        R"({"id":"r /","commands":[{"count":30,"life":{"steps":[]}},{"count":5,"life":{"queuedMs":99999}}],"emptyPageAt":2})");
    std::size_t found = 0, pages = 0;
    std::string cursor;
    do {
        auto const page =
            p.ask("GET", run + "?limit=20&status=succeeded&status=failed" + cursor).body();
        found += page.at("commands").as_array().size();
        cursor = page.at("nextCursor").is_null()
                     ? ""
                     : "&cursor=" + std::string{page.at("nextCursor").as_string()};
    } while (++pages < 9 && !cursor.empty());
    EXPECT_EQ(found, 30u);
    EXPECT_EQ(pages, 3u);
    auto const newest = p.ask("GET", run + "?order=desc&limit=1").body();
    EXPECT_EQ(newest.at("commands").at(0).at("sequenceNo"), 35);
}

TEST_F(emulators, forget_on_reset) {
    auto const id = running.create_operation(endless);
    peer waits{running.port()}, resets{running.port()};
    waits.send(request_text("POST", path_of(id, "/wait")));
    ASSERT_TRUE(has_parked(1));
    EXPECT_EQ(resets.ask("POST", "/emulator/reset").body().at("operations"), 0);
    EXPECT_EQ(waits.receive().status, 404u);
}

TEST(emulator, closes_idle_connections) {
    server running{{.idle_timeout = 250ms}};
    auto const id = running.create_operation(endless);
    peer idle{running.port()}, parked{running.port()};
    parked.send(request_text("POST", path_of(id, "/wait"), R"({"timeoutMs":500})"));
    EXPECT_TRUE(idle.meets_end());
    EXPECT_EQ(parked.receive().body().at("timedOutWaiting"), true);
    EXPECT_TRUE(parked.meets_end());
}

TEST(emulator, stops_promptly_with_500_parked_waits) {
    server running;
    auto const id = running.create_operation(endless);
    std::vector<std::unique_ptr<peer>> peers;
    for (int i = 0; i < 500; ++i) {
        peers.push_back(std::make_unique<peer>(running.port()));
        peers.back()->send(request_text("POST", path_of(id, "/wait")));
    }
    ASSERT_TRUE(eventually([&] { return running.stats().parked == 500; }));
    auto const began = steady_clock::now();
    running.stop();
    EXPECT_LT(steady_clock::now() - began, 2s);
    for (auto const& p : peers)
        EXPECT_TRUE(p->meets_end());
    EXPECT_EQ(running.stats().parked, 0u);
    EXPECT_EQ(running.stats().connections_open, 0u);
    EXPECT_THROW(peer{running.port()}, boost::system::system_error);
    running.stop();
}

TEST(emulator, is_used_from_many_threads) {
    server running;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            peer p{running.port()};
            for (int i = 0; i < 25; ++i) {
                auto const id = running.create_operation({.steps = {{.takes = 1ms}}});
                p.ask("POST", path_of(id, "/wait"));
                if (!running.ended_at(id)) ADD_FAILURE() << id;
            }
        });
    }
    for (auto& t : threads)
        t.join();
    EXPECT_EQ(running.stats().operations, 100u);
}

TEST(emulator, refuses_what_it_cannot_do) {
    server running;
    EXPECT_THROW(server({.port = running.port()}), boost::system::system_error);
    EXPECT_THROW(server({.host = "no address"}), std::invalid_argument);
    EXPECT_THROW(server({.tls = certificate{"nonsense", "nonsense"}}), std::runtime_error);
    EXPECT_THROW(running.create_operation({.queued = -1ms}), std::invalid_argument);
    running.create_operation({}, "a");
    EXPECT_THROW(running.create_operation({}, "a"), std::invalid_argument);
}

TEST(emulator, logs_requests_without_the_key) {
    std::mutex mutex;
    std::vector<std::string> lines;
    server running{{.log = [&](std::string_view line) {
        std::lock_guard const lock{mutex};
        lines.emplace_back(line);
    }}};
    peer p{running.port()};
    p.ask("GET", "/v1/operations/x");
    running.stop();
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_NE(lines[0].find(" GET /v1/operations/x 404 "), std::string::npos) << lines[0];
    EXPECT_EQ(lines[0].find("bctrl_emulator_key"), std::string::npos);
}

} // namespace
} // namespace bctrl::emulator
