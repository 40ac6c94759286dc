#include "emulator/model/document.hpp"
#include "emulator/model/json_text.hpp"
#include "emulator/service/service.hpp"

#include "support/temporary_path.hpp"

#include <boost/json/object.hpp>

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <sys/resource.h>

namespace bctrl::emulator {
namespace {

using namespace std::chrono_literals;
using std::chrono::system_clock;

/// An emulator without a network, which is killed and started again.
class journals : public testing::Test {
protected:
    struct instance {
        instance(std::filesystem::path const& file, calendar const& today, std::uint64_t seed)
            : all{{.state_file = file}, today, seed} {}

        world all;
        service api{all};
    };

    journals() { start(); }

    void start() {
        // Another machine's steady clock: only the wall clock goes on.
        now_ = time_point{} + 1h * ++starts_;
        running_ = std::make_unique<instance>(place_.path(), calendar{now_, wall_}, starts_);
    }
    void restart(std::chrono::milliseconds downtime = 0ms) {
        running_.reset();
        wall_ += downtime;
        start();
    }
    void pass(std::chrono::milliseconds time) {
        now_ += time;
        wall_ += time;
    }
    response ask(std::string method, std::string target, std::string body = "") {
        return std::get<response>(
            running_->api.handle({.method = std::move(method),
                                  .target = std::move(target),
                                  .authorization = "Bearer bctrl_emulator_key",
                                  .content_type = "application/json",
                                  .body = std::move(body)},
                                 now_));
    }
    void create(std::string const& body) {
        ASSERT_EQ(ask("POST", "/emulator/operations", body).status, 201u);
    }
    std::string shown(std::string const& id) { return ask("GET", "/v1/operations/" + id).body; }
    std::string status_of(std::string const& id) {
        return std::string{parse_json(shown(id)).value().at("status").as_string()};
    }
    std::string text() const {
        std::ifstream file{place_.path()};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
    /// What a start with `line` behind the title complains of.
    std::string complaint(std::string const& line) {
        running_.reset();
        auto const before = "{\"file\":\"bctrl-emulator state\",\"version\":1}\n" + line + "\n";
        std::ofstream{place_.path()} << before;
        try {
            start();
        } catch (std::runtime_error const& fault) {
            EXPECT_EQ(text(), before);
            return fault.what();
        }
        return "";
    }

    test::temporary_path place_{".state"};
    system_clock::time_point wall_ = std::chrono::sys_days{std::chrono::April / 2 / 2026} + 9h;
    time_point now_{};
    unsigned starts_ = 0;
    std::unique_ptr<instance> running_;
};

TEST_F(journals, let_a_life_go_on_by_the_wall_clock) {
    create(R"({"id":"a","life":{"runtimeMs":10000}})");
    pass(4s);
    restart(5s);
    EXPECT_EQ(status_of("a"), "running");
    EXPECT_EQ(running_->api.next_due(), now_ + 1s);
    pass(1s);
    EXPECT_EQ(status_of("a"), "succeeded");
    restart();
    EXPECT_EQ(status_of("a"), "succeeded");
}

TEST_F(journals, end_what_ended_in_the_downtime_at_its_own_time) {
    create(R"({"id":"a","life":{"runtimeMs":10000,"end":"timed_out"}})");
    restart(1h);
    auto const ended = parse_json(shown("a")).value();
    EXPECT_EQ(ended.at("status"), "timed_out");
    EXPECT_EQ(ended.at("finishedAt"), "2026-04-02T09:00:10.000Z");
}

TEST_F(journals, keep_cancel_requests) {
    create(R"([{"id":"done","life":{"runtimeMs":10000}},
               {"id":"under way","life":{"runtimeMs":10000,"cancelMs":3000}}])");
    pass(1s);
    ask("POST", "/v1/operations/done/cancel");
    ask("POST", "/v1/operations/under%20way/cancel");
    pass(1s);
    restart(1s);
    EXPECT_EQ(status_of("done"), "cancelled");
    EXPECT_EQ(status_of("under%20way"), "cancelling");
    pass(1s);
    EXPECT_EQ(status_of("under%20way"), "cancelled");
}

/// Everything that can be said of a life, and numbers that Boost.JSON does not read back exactly.
constexpr auto* rich_lives = R"([
  {"id":"a","runtime":"other","runtimeId":"r","runtimeKind":"desktop","workspaceId":"w",
   "life":{"queuedMs":10,"dispatchingMs":20,"cancelMs":30,"runtimeMs":900,"steps":[
     {"call":"x.y","ms":5,"result":{"é\n":[0.1,951.9748535279365,1e-7,18446744073709551615,null]},
      "message":"m","bind":"b"},
     {"call":"z","error":{"code":"C","message":"M","hint":"H","diagnostic":{"n":706.0460880196089}}},
     {"call":"never"}]}},
  {"id":"b","life":{"runtimeMs":15,"end":"failed","error":{"code":"C","message":"M",
    "details":{"d":{"e":[]}}}}},
  {"id":"c","life":{"steps":[]}},
  {"id":"d"},
  {"id":"e","life":{"end":"cancelled"}}])";

TEST_F(journals, keep_every_word_of_a_script) {
    create(rich_lives);
    std::vector<std::string> const ids{"a", "b", "c", "d", "e"};
    for (auto const time : {0ms, 12ms, 31ms, 36ms, 2000ms}) {
        pass(time);
        std::vector<std::string> before;
        for (auto const& id : ids)
            before.push_back(shown(id));
        restart();
        for (std::size_t i = 0; i < ids.size(); ++i)
            EXPECT_EQ(shown(ids[i]), before[i]);
    }
}

TEST_F(journals, keep_invocations_and_runs) {
    ask("POST", "/emulator/runs",
        R"({"id":"run","emptyPageAt":2,"pages":[[{"id":"1","executionMode":"inline",
            "artifactCount":7,"connector":"c","correlationId":"o","metadata":{"k":[951.9748535279365]},
            "request":{"a":706.0460880196089}}],[{"id":"2"},{"id":"3"}]]})");
    ask("POST", "/emulator/invocations", R"({"id":"4","runId":"run"})");
    ask("POST", "/emulator/invocations", R"({"count":3,"runId":"other"})");
    ask("POST", "/emulator/runs", R"({"id":"loop","commands":3,"repeatCursorAt":1})");
    pass(1s);
    std::vector<std::string> const lists{"/v1/runs/run/commands", "/v1/runs/other/commands",
                                         "/v1/runs/loop/commands?limit=1", "/v1/invocations/1"};
    std::vector<std::string> before;
    for (auto const& list : lists)
        before.push_back(ask("GET", list).body);
    restart();
    for (std::size_t i = 0; i < lists.size(); ++i)
        EXPECT_EQ(ask("GET", lists[i]).body, before[i]);
    EXPECT_EQ(running_->all.things.runs(), 3u);
    ask("POST", "/emulator/invocations", R"({"id":"5","runId":"run"})");
    EXPECT_EQ(running_->all.things.find(resource_kind::invocation, "5")->sequence_no, 5);
}

TEST_F(journals, share_the_same_ids_after_a_restart) {
    create(R"({"id":"a"})");
    restart();
    create(R"({"id":"b"})");
    auto const a = parse_json(shown("a")).value();
    auto const b = parse_json(shown("b")).value();
    EXPECT_EQ(a.at("runtimeId"), b.at("runtimeId"));
    EXPECT_EQ(a.at("workspaceId"), b.at("workspaceId"));
}

TEST_F(journals, write_one_script_once_and_share_it_again) {
    create(R"({"count":1000,"life":{"steps":[{"message":"only once"}]}})");
    EXPECT_EQ(text().find("only once"), text().rfind("only once"));
    auto const size = text().size();
    create(R"([{"id":"a","life":{"runtimeMs":7}},{"id":"b"}])");
    restart();
    EXPECT_EQ(running_->all.things.operations(), 1002u);
    EXPECT_EQ(running_->all.things.find(resource_kind::operation, "a")->plan.ends, 7ms);
    EXPECT_EQ(running_->all.things.find(resource_kind::operation, "b")->plan.ends, 40ms);
    EXPECT_LT(size, 300'000u);
}

TEST_F(journals, keep_a_request_as_a_whole_or_not_at_all) {
    create(R"({"id":"kept"})");
    auto const before = text().size();
    create(R"([{"id":"a"},{"id":"b"},{"id":"c"}])");
    auto const whole = text();
    for (auto size = before; size < whole.size(); ++size) {
        running_.reset();
        std::ofstream{place_.path()} << whole.substr(0, size);
        start();
        ASSERT_EQ(running_->all.things.operations(), 1u) << size;
    }
}

TEST_F(journals, tell_of_half_a_line) {
    create(R"({"id":"kept"})");
    running_.reset();
    std::ofstream{place_.path(), std::ios::app} << "[{";
    std::string told;
    world const all{{.state_file = place_.path(), .notice = [&](auto text) { told = text; }},
                    calendar{now_, wall_},
                    1};
    EXPECT_NE(told.find(":4: half a line was dropped"), std::string::npos) << told;
}

TEST_F(journals, hold_nothing_of_what_was_forgotten) {
    auto const empty = text();
    create(R"({"count":100})");
    ask("POST", "/emulator/reset");
    EXPECT_EQ(text(), empty);
    create(R"({"id":"new"})");
    restart();
    EXPECT_EQ(running_->all.things.operations(), 1u);
    EXPECT_EQ(status_of("new"), "running");
}

TEST_F(journals, do_not_grow_by_looking) {
    create(R"({"id":"a"})");
    auto const before = text();
    shown("a");
    pass(1h);
    shown("a");
    ask("POST", "/v1/operations/a/cancel");
    ask("POST", "/v1/operations/a/wait");
    restart();
    restart();
    EXPECT_EQ(text(), before);
}

TEST_F(journals, name_the_line_and_place_of_what_they_cannot_use) {
    std::string const create = R"({"change":"create","kind":"operation","id":"a","ownerId":"o",)"
                               R"("runtime":"r","runtimeId":"i","runtimeKind":"browser",)";
    std::vector<std::pair<std::string, std::string>> const faults{
        {"", "is no JSON array of changes"},
        {"{}", "is no JSON array of changes"},
        {"[1]", "[0] must be an object"},
        {"[{}]", "[0].change is missing"},
        {R"([{"change":"explode"}])", "[0].change is not known"},
        {R"([{"change":"cancel","kind":"operation","id":"a","at":1}])", "[0].id is not known"},
        {R"([{"change":"cancel","kind":"thing","id":"a","at":1}])", "[0].kind is not known"},
        {"[" + create + R"("at":1}])", "[0].life is missing"},
        {"[" + create + R"("at":1,"life":{}}])", "[0].life.steps is missing"},
        {"[" + create + R"("life":{"steps":[]}}])", "[0].at is missing"},
        {"[" + create + R"("at":9223372036854775807,"life":{"steps":[]}}])", "[0].at must be"},
        {"[" + create + R"("at":1,"life":{"steps":[]},"x":1}])", "[0].x is not known here"},
        {"[" + create + R"("at":1,"life":{"steps":[{"call":"c"}]}}])",
         "[0].life.steps[0].result is missing"},
        {"[" + create + R"("at":1,"life":{"steps":[{"call":"c","result":"{","message":"",)" +
             R"("bind":""}]}}])",
         "[0].life is impossible: the result of step 0 is not JSON"},
        {"[" + create + R"("at":1,"life":{"steps":[]}},)" + create + R"("at":1}])",
         "[1].id is taken"},
        {R"([{"change":"createRun","id":"r"}])", "[0].pageSizes is missing"},
    };
    for (auto const& [line, fault] : faults)
        EXPECT_EQ(complaint(line).find(place_.string() + ":2: " + fault), 0u) << complaint(line);
}

/// While it lives, files cannot grow beyond a size.
class full_disk {
public:
    explicit full_disk(rlim_t size) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        rlimit limit = before_;
        limit.rlim_cur = size;
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    full_disk(full_disk const&) = delete;
    full_disk& operator=(full_disk const&) = delete;
    ~full_disk() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }

private:
    void (*handler_)(int) = std::signal(SIGXFSZ, SIG_IGN);
    rlimit before_{};
};

TEST_F(journals, answer_nothing_while_they_cannot_be_written) {
    create(R"({"id":"a"})");
    auto const before = text();
    {
        full_disk const full{before.size() + 10};
        for (auto const* method : {"POST", "GET"}) {
            auto const refused = ask(method, "/emulator/operations", R"({"id":"b"})");
            EXPECT_EQ(refused.status, 500u);
            EXPECT_EQ(parse_json(refused.body).value().at("code"), "state.not_saved");
        }
    }
    EXPECT_EQ(status_of("b"), "running");
    restart();
    EXPECT_EQ(running_->all.things.operations(), 2u);
}

} // namespace
} // namespace bctrl::emulator
