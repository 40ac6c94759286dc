// The faults that the emulator does to connections when it is told to.

#include "emulator_peer.hpp"
#include "http2_peer.hpp"

#include <bctrl/emulator/server.hpp>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bctrl::emulator {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t code(http2_error e) {
    return static_cast<std::uint32_t>(e);
}

struct emulator_faults : testing::Test {
    std::int32_t park_on(http2_peer& on) { return on.send("POST", wait_path); }

    std::vector<std::int32_t> park_on(http2_peer& on, std::size_t count) {
        std::vector<std::int32_t> streams;
        auto const before = running.stats().parked;
        for (std::size_t i = 0; i < count; ++i)
            streams.push_back(park_on(on));
        EXPECT_TRUE(has_parked(before + count));
        return streams;
    }

    bool has_parked(std::size_t count) {
        return eventually([&] { return running.stats().parked == count; });
    }

    void release() { peer{running.port()}.ask("POST", "/v1/operations/endless/cancel"); }

    std::string status_of(http2_stream const& answered) {
        return std::string{answered.body().at("operation").at("status").as_string()};
    }

    server running;
    std::string const wait_path = "/v1/operations/endless/wait";
    std::string const id = running.create_operation({.steps = {{.takes = 1h}}}, "endless");
    http2_peer p{running.port()};
};

TEST_F(emulator_faults, reset_the_oldest_waits) {
    http2_peer other{running.port()};
    auto const waits = park_on(p, 3);
    auto const others = park_on(other, 2);
    EXPECT_EQ(running.inject(reset_waits{.code = http2_error::internal_error, .at_most = 2}), 2u);
    EXPECT_EQ(p.finish(waits[0]).error, code(http2_error::internal_error));
    EXPECT_EQ(p.finish(waits[1]).error, code(http2_error::internal_error));
    EXPECT_EQ(running.inject(reset_waits{}, 2), 2u);
    EXPECT_EQ(other.finish(others[1]).error, code(http2_error::cancel));
    EXPECT_EQ(running.stats().parked, 1u);
    EXPECT_EQ(running.stats().waits_abandoned, 0u);
    release();
    EXPECT_EQ(status_of(p.finish(waits[2])), "cancelled");
    EXPECT_EQ(running.inject(reset_waits{}), 0u);
    EXPECT_EQ(running.inject(reset_waits{}, 99), 0u);
}

TEST_F(emulator_faults, shut_down_gracefully) {
    auto const wait = park_on(p, 1).front();
    EXPECT_EQ(running.inject(go_away{}), 1u);
    ASSERT_TRUE(p.read_until([&] { return p.farewell().has_value(); }));
    EXPECT_EQ(p.farewell()->last_stream, wait);
    EXPECT_EQ(p.farewell()->error, code(http2_error::no_error));
    release();
    EXPECT_EQ(status_of(p.finish(wait)), "cancelled");
    EXPECT_TRUE(p.meets_end());
    EXPECT_EQ(running.stats().http2_go_aways_sent, 1u);
    EXPECT_EQ(running.stats().waits_abandoned, 0u);
}

TEST_F(emulator_faults, shut_down_at_once_what_is_idle) {
    p.ask("GET", "/emulator/stats");
    EXPECT_EQ(running.inject(go_away{}), 1u);
    EXPECT_TRUE(p.meets_end());
    EXPECT_EQ(p.farewell()->error, 0u);
}

TEST_F(emulator_faults, go_away_from_some_of_the_streams) {
    auto const waits = park_on(p, 3);
    running.inject(go_away{.code = http2_error::enhance_your_calm, .last_stream = waits[0]});
    EXPECT_TRUE(has_parked(1));
    EXPECT_EQ(running.stats().waits_abandoned, 2u);
    EXPECT_TRUE(p.finish(waits[1]).is_closed);
    EXPECT_TRUE(p.finish(waits[2]).is_closed);
    EXPECT_EQ(p.farewell()->last_stream, waits[0]);
    EXPECT_EQ(p.farewell()->error, code(http2_error::enhance_your_calm));
    release();
    EXPECT_EQ(status_of(p.finish(waits[0])), "cancelled");
    EXPECT_TRUE(p.meets_end());
}

TEST_F(emulator_faults, go_away_from_everything) {
    auto const waits = park_on(p, 3);
    running.inject(go_away{.last_stream = 0});
    EXPECT_TRUE(p.meets_end());
    EXPECT_EQ(p.farewell()->last_stream, 0);
    for (auto const stream : waits)
        EXPECT_EQ(p.stream(stream).error, code(http2_error::refused_stream));
    EXPECT_TRUE(has_parked(0));
}

TEST_F(emulator_faults, go_away_and_close_at_once) {
    auto const wait = park_on(p, 1).front();
    running.inject(go_away{.code = http2_error::internal_error, .then = after_go_away::close});
    EXPECT_TRUE(p.meets_end());
    EXPECT_EQ(p.farewell()->last_stream, wait);
    EXPECT_EQ(p.farewell()->error, code(http2_error::internal_error));
    EXPECT_FALSE(p.stream(wait).is_closed);
    EXPECT_TRUE(has_parked(0));
    EXPECT_EQ(running.stats().waits_abandoned, 1u);
}

TEST_F(emulator_faults, go_away_and_stay) {
    auto const wait = park_on(p, 1).front();
    running.inject(go_away{.then = after_go_away::stay});
    ASSERT_TRUE(p.read_until([&] { return p.farewell().has_value(); }));
    release();
    EXPECT_EQ(status_of(p.finish(wait)), "cancelled");
    peer{running.port()}.ask("GET", "/emulator/stats");
    auto const seen = running.connections();
    ASSERT_FALSE(seen.empty());
    EXPECT_EQ(seen.front().number, 1u);
    EXPECT_EQ(running.inject(go_away{}, 1), 1u);
    EXPECT_TRUE(p.meets_end());
}

TEST_F(emulator_faults, stall_and_resume) {
    auto const wait = park_on(p, 1).front();
    EXPECT_EQ(running.inject(stall{}), 1u);
    EXPECT_TRUE(running.connections().front().is_stalled);
    auto const get = p.send("GET", "/v1/operations/endless");
    release();
    EXPECT_TRUE(has_parked(0));
    EXPECT_EQ(running.stats().requests, 2u); // the wait and the cancel
    EXPECT_EQ(running.inject(resume{}), 1u);
    EXPECT_EQ(status_of(p.finish(wait)), "cancelled");
    EXPECT_EQ(p.finish(get).status, 200u);
    EXPECT_FALSE(running.connections().front().is_stalled);
}

TEST_F(emulator_faults, stall_even_against_a_goodbye) {
    park_on(p, 1);
    running.inject(stall{});
    p.close();
    EXPECT_EQ(peer{running.port()}.ask("GET", "/emulator/stats").body().at("parked"), 1);
    running.inject(resume{});
    EXPECT_TRUE(has_parked(0));
    EXPECT_TRUE(eventually([&] { return running.connections().empty(); }));
}

TEST_F(emulator_faults, stall_other_versions_too) {
    peer old{running.port()};
    old.ask("GET", "/emulator/stats");
    auto const seen = running.connections();
    ASSERT_EQ(seen.size(), 2u);
    EXPECT_EQ(seen[0].http_version, 2u);
    EXPECT_EQ(seen[1].http_version, 1u);
    EXPECT_EQ(running.inject(stall{}, seen[1].number), 1u);
    old.send(request_text("GET", "/emulator/stats"));
    EXPECT_EQ(p.ask("GET", "/emulator/stats").status, 200u);
    EXPECT_EQ(running.stats().requests, 2u);
    running.inject(resume{});
    EXPECT_EQ(old.receive().status, 200u);
    EXPECT_EQ(running.inject(go_away{}, seen[1].number), 0u);
    EXPECT_EQ(running.inject(limit_streams{}, seen[1].number), 0u);
}

TEST_F(emulator_faults, stop_with_stalled_connections) {
    park_on(p, 2);
    running.inject(stall{});
    running.stop();
    EXPECT_TRUE(p.meets_end());
    EXPECT_EQ(running.stats().parked, 0u);
}

TEST(emulator_stall, outlasts_the_time_of_idleness) {
    server running{{.idle_timeout = 500ms}};
    auto const id = running.create_operation({.steps = {{.takes = 1h}}});
    http2_peer p{running.port()};
    p.send("POST", "/v1/operations/" + id + "/wait");
    ASSERT_TRUE(eventually([&] { return running.stats().parked == 1; }));
    EXPECT_EQ(running.inject(stall{}), 1u);
    peer{running.port()}.ask("POST", "/v1/operations/" + id + "/cancel");
    auto const later = running.create_operation({.steps = {{.takes = 1200ms}}});
    ASSERT_TRUE(eventually([&] { return running.ended_at(later).has_value(); }));
    auto const seen = running.connections();
    ASSERT_FALSE(seen.empty());
    EXPECT_TRUE(seen.front().is_stalled);
    running.inject(resume{});
    EXPECT_TRUE(p.meets_end());
}

TEST_F(emulator_faults, limit_streams_in_mid_flight) {
    auto const waits = park_on(p, 5);
    EXPECT_EQ(p.ask("GET", "/emulator/stats").status, 200u);
    EXPECT_EQ(p.max_streams(), 250u);
    EXPECT_EQ(running.inject(limit_streams{.at_most = 2}), 1u);
    ASSERT_TRUE(p.read_until([&] { return p.max_streams() == 2; }));
    http2_peer later{running.port()};
    EXPECT_EQ(later.ask("GET", "/emulator/stats").status, 200u);
    EXPECT_EQ(later.max_streams(), 2u);
    EXPECT_EQ(running.inject(limit_streams{.at_most = 7}, 1), 1u);
    ASSERT_TRUE(p.read_until([&] { return p.max_streams() == 7; }));
    EXPECT_EQ(p.ask("GET", "/emulator/stats").status, 200u);
    release();
    for (auto const stream : waits)
        EXPECT_EQ(status_of(p.finish(stream)), "cancelled");
}

TEST_F(emulator_faults, end_a_connection_that_resets_too_much) {
    std::size_t resets = 0;
    while (!p.farewell() && resets < 2000) {
        for (int i = 0; i < 50; ++i, ++resets)
            p.submit_reset(park_on(p));
        p.flush();
        // An answer, or the end.
        auto const answered = p.pings_answered();
        p.submit_ping();
        p.flush();
        p.read_until([&] { return p.pings_answered() > answered || p.farewell(); });
    }
    EXPECT_GT(resets, 1000u);
    ASSERT_TRUE(p.farewell());
    EXPECT_EQ(p.farewell()->error, code(http2_error::internal_error));
    EXPECT_TRUE(p.meets_end());
    EXPECT_TRUE(has_parked(0));
}

TEST(emulator_reset_limit, may_be_lower_or_none) {
    server strict{{.reset_limit = reset_rate{.burst = 3, .per_second = 0}}},
        lax{{.reset_limit = {}}};
    http2_peer short_lived{strict.port()}, long_lived{lax.port()};
    for (int i = 0; i < 4; ++i)
        short_lived.reset(short_lived.send("POST", "/v1/operations/x/wait"));
    EXPECT_TRUE(short_lived.meets_end());
    EXPECT_TRUE(short_lived.farewell());
    for (int i = 0; i < 3000; ++i) {
        // The answer to some of them comes first.
        long_lived.reset(long_lived.send_head("POST", "/v1/operations/x/wait"));
    }
    EXPECT_EQ(long_lived.ask("GET", "/emulator/stats").body().at("http2ResetsReceived"), 3000);
    EXPECT_FALSE(long_lived.farewell());
}

TEST_F(emulator_faults, are_asked_for_over_http_too) {
    auto const waits = park_on(p, 2);
    peer asks{running.port()};
    auto const fault = [&](std::string const& body) {
        return asks.ask("POST", "/emulator/faults", body).body().at("affected").as_int64();
    };
    auto const seen = asks.ask("GET", "/emulator/connections").body().at("connections").as_array();
    ASSERT_EQ(seen.size(), 2u);
    EXPECT_EQ(boost::json::serialize(seen[0]),
              R"({"connection":1,"http":2,"parked":2,"stalled":false})");
    EXPECT_EQ(fault(R"({"fault":"stall"})"), 1); // all but the one that asks
    EXPECT_EQ(fault(R"({"fault":"resume"})"), 1);
    EXPECT_EQ(fault(R"({"fault":"limitStreams","atMost":9,"connection":1})"), 1);
    EXPECT_EQ(fault(R"({"fault":"resetWaits","atMost":1,"code":"REFUSED_STREAM"})"), 1);
    EXPECT_EQ(p.finish(waits[0]).error, code(http2_error::refused_stream));
    EXPECT_EQ(p.max_streams(), 9u);
    EXPECT_EQ(fault(R"({"fault":"goAway","lastStreamId":0,"code":"CANCEL","then":"close"})"), 1);
    EXPECT_TRUE(p.meets_end());
    EXPECT_EQ(p.farewell()->error, code(http2_error::cancel));
}

TEST_F(emulator_faults, are_refused_when_they_make_no_sense) {
    peer asks{running.port()};
    struct {
        std::string_view body, path;
    } const cases[]{
        {R"({})", "fault"},
        {R"({"fault":"goaway"})", "fault"},
        {R"({"fault":"goAway","lastStreamId":2})", "lastStreamId"},
        {R"({"fault":"goAway","then":"sleep"})", "then"},
        {R"({"fault":"goAway","code":"cancel"})", "code"},
        {R"({"fault":"limitStreams"})", "atMost"},
        {R"({"fault":"stall","connection":0})", "connection"},
        {R"({"fault":"stall","code":"CANCEL"})", "code"},
    };
    for (auto const& c : cases) {
        auto const got = asks.ask("POST", "/emulator/faults", c.body);
        EXPECT_EQ(got.status, 400u) << c.body;
        EXPECT_EQ(got.body().at("details").at("path"), boost::json::value(c.path)) << c.body;
    }
}

} // namespace
} // namespace bctrl::emulator
