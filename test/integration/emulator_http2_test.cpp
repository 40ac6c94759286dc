#include "emulator_peer.hpp"
#include "http2_peer.hpp"

#include <bctrl/emulator/server.hpp>

#include <boost/json/object.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace bctrl::emulator {
namespace {

using namespace std::chrono_literals;

life const endless{.steps = {{.takes = 1h}}};

std::string path_of(std::string const& id, std::string const& verb = "") {
    return "/v1/operations/" + id + verb;
}

struct http2_emulators : testing::Test {
    bool has_parked(std::size_t count) {
        return eventually([&] { return running.stats().parked == count; });
    }

    server running;
};

TEST_F(http2_emulators, answer_and_wait) {
    http2_peer p{running.port()};
    auto const made =
        p.ask("POST", "/emulator/operations", R"({"id":"x","life":{"runtimeMs":50}})");
    EXPECT_EQ(made.status, 201u);
    EXPECT_EQ(made.headers.at("content-type"), "application/json; charset=utf-8");
    EXPECT_EQ(made.headers.at("content-length"), std::to_string(made.text.size()));
    EXPECT_EQ(made.headers.at("x-request-id").substr(0, 4), "req_");
    EXPECT_FALSE(made.headers.contains("connection"));
    auto const waited = p.ask("POST", path_of("x", "/wait")).body();
    EXPECT_EQ(waited.at("timedOutWaiting"), false);
    EXPECT_EQ(waited.at("operation").at("status"), "succeeded");
    EXPECT_EQ(p.ask("GET", path_of("x")).body().at("status"), "succeeded");
    auto const s = running.stats();
    EXPECT_EQ(s.connections_total, 1u);
    EXPECT_EQ(s.http2_connections, 1u);
    EXPECT_EQ(s.http2_streams, 3u);
    EXPECT_EQ(s.requests, 3u);
}

TEST_F(http2_emulators, answer_a_wait_when_its_time_is_over) {
    http2_peer p{running.port()};
    auto const id = running.create_operation(endless);
    auto const got = p.ask("POST", path_of(id, "/wait"), R"({"timeoutMs":30})").body();
    EXPECT_EQ(got.at("timedOutWaiting"), true);
    EXPECT_EQ(got.at("operation").at("status"), "running");
}

TEST_F(http2_emulators, park_many_on_one_connection_and_release_them) {
    auto const id = running.create_operation(endless);
    http2_peer p{running.port()};
    p.ask("GET", path_of(id)); // and hears meanwhile how many streams it may have
    std::vector<std::int32_t> waits;
    for (int i = 0; i < 200; ++i)
        waits.push_back(p.send("POST", path_of(id, "/wait")));
    ASSERT_TRUE(has_parked(200));
    EXPECT_EQ(running.stats().http2_streams_open, 200u);
    EXPECT_EQ(p.ask("POST", path_of(id, "/cancel")).status, 200u);
    for (auto const stream : waits)
        EXPECT_EQ(p.finish(stream).body().at("operation").at("status"), "cancelled");
    EXPECT_EQ(running.stats().http2_streams_open, 0u);
    EXPECT_EQ(running.stats().waits_abandoned, 0u);
}

TEST_F(http2_emulators, forget_on_reset) {
    auto const id = running.create_operation(endless);
    http2_peer p{running.port()};
    auto const wait = p.send("POST", path_of(id, "/wait"));
    ASSERT_TRUE(has_parked(1));
    EXPECT_EQ(p.ask("POST", "/emulator/reset").status, 200u);
    EXPECT_EQ(p.finish(wait).status, 404u);
}

TEST_F(http2_emulators, abandon_the_wait_of_a_stream_that_is_reset) {
    auto const id = running.create_operation(endless);
    http2_peer p{running.port()};
    auto const stays = p.send("POST", path_of(id, "/wait"));
    auto const goes = p.send("POST", path_of(id, "/wait"));
    ASSERT_TRUE(has_parked(2));
    p.reset(goes);
    ASSERT_TRUE(has_parked(1));
    auto const s = running.stats();
    EXPECT_EQ(s.waits_abandoned, 1u);
    EXPECT_EQ(s.http2_resets_received, 1u);
    EXPECT_EQ(s.http2_streams_open, 1u);
    EXPECT_EQ(s.connections_open, 1u);
    p.ask("POST", path_of(id, "/cancel"));
    EXPECT_EQ(p.finish(stays).body().at("operation").at("status"), "cancelled");
}

TEST_F(http2_emulators, abandon_a_wait_that_is_reset_at_once) {
    auto const id = running.create_operation(endless);
    http2_peer p{running.port()};
    for (int i = 0; i < 10; ++i)
        p.reset(p.send("POST", path_of(id, "/wait")));
    EXPECT_EQ(p.ask("GET", path_of(id)).status, 200u);
    EXPECT_EQ(running.stats().parked, 0u);
    EXPECT_EQ(running.stats().http2_streams_open, 0u);
}

TEST_F(http2_emulators, abandon_the_waits_of_a_lost_connection) {
    auto const id = running.create_operation(endless);
    http2_peer stays{running.port()}, goes{running.port()};
    stays.send("POST", path_of(id, "/wait"));
    for (int i = 0; i < 50; ++i)
        goes.send("POST", path_of(id, "/wait"));
    ASSERT_TRUE(has_parked(51));
    goes.close();
    ASSERT_TRUE(has_parked(1));
    EXPECT_EQ(running.stats().waits_abandoned, 50u);
    EXPECT_TRUE(eventually([&] { return running.stats().connections_open == 1; }));
    EXPECT_EQ(running.stats().http2_streams_open, 1u);
}

TEST_F(http2_emulators, refuse_in_the_envelope) {
    http2_peer p{running.port()};
    struct {
        std::string method, target, body;
        unsigned status;
        std::string_view code;
    } const cases[]{
        {"GET", "/v1/operations/a%2Fb", "", 404, "operation.not_found"},
        {"GET", "/v1/nothing", "", 404, "route.not_found"},
        {"PUT", "/v1/operations/x", "", 405, "method.not_allowed"},
        {"POST", "/emulator/operations", "{", 400, "validation.error"},
        {"GET", "/emulator/stats", "{}", 415, "request.body_not_allowed"},
    };
    for (auto const& c : cases) {
        auto const got = p.ask(c.method, c.target, c.body);
        EXPECT_EQ(got.status, c.status) << c.target;
        EXPECT_EQ(got.body().at("code"), boost::json::value(c.code)) << c.target;
    }
    EXPECT_EQ(p.ask("PUT", "/v1/operations/x").headers.at("allow"), "GET, HEAD");
    auto const head = p.ask("HEAD", "/emulator/stats");
    EXPECT_EQ(head.status, 200u);
    EXPECT_EQ(head.text, "");
    EXPECT_GT(std::stoul(head.headers.at("content-length")), 2u);
}

TEST_F(http2_emulators, refuse_what_is_too_large) {
    http2_peer p{running.port()};
    http2_peer::header_list large;
    for (int i = 0; i < 5; ++i)
        large.emplace_back("x-" + std::to_string(i), std::string(14'000, 'a'));
    EXPECT_EQ(p.finish(p.send("GET", "/emulator/stats", "", large)).status, 431u);

    auto const announced = p.send_head("POST", "/emulator/operations",
                                       {{"content-length", std::to_string(8 * 1024 * 1024 + 1)}});
    EXPECT_EQ(p.finish(announced).status, 413u);
    EXPECT_EQ(p.stream(announced).error, 0u);

    auto const sent = p.send("POST", "/emulator/operations", std::string(9'000'000, ' '));
    EXPECT_EQ(p.finish(sent).body().at("code"), "request.too_large");
    EXPECT_EQ(p.stream(sent).error, 0u);

    EXPECT_EQ(p.ask("GET", "/emulator/stats").status, 200u);
    EXPECT_EQ(running.stats().connections_total, 1u);
}

TEST_F(http2_emulators, move_megabytes_both_ways) {
    http2_peer p{running.port()};
    std::string const metadata(3'000'000, 'x');
    auto const got =
        p.ask("POST", "/emulator/invocations", R"({"metadata":{"a":")" + metadata + R"("}})");
    EXPECT_EQ(got.status, 201u);
    EXPECT_EQ(got.body().at("metadata").at("a").as_string().size(), metadata.size());
}

TEST_F(http2_emulators, let_a_client_send_that_asks_first) {
    http2_peer p{running.port()};
    auto const stream = p.send_head("POST", "/emulator/operations", {{"expect", "100-continue"}});
    ASSERT_TRUE(p.read_until([&] { return p.stream(stream).was_told_to_go_on; }));
    p.send_body(stream, "{}");
    EXPECT_EQ(p.finish(stream).status, 201u);
}

TEST_F(http2_emulators, end_with_a_client_that_breaks_the_protocol) {
    auto const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + std::string{"\0\0\0\4\0\0\0\0\0", 9};
    for (auto const& wrong : {std::string(64, 'x'),                          // a frame without end
                              std::string{"\0\0\4\3\0\0\0\0\1\0\0\0\0", 13}, // a reset of nothing
                              std::string{"\0\0\0\6\0\0\0\0\0", 9}}) {       // half a ping
        peer p{running.port()};
        p.send(preface + wrong);
        EXPECT_TRUE(p.meets_end());
    }
    peer later{running.port()};
    later.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nGET / HTTP/1.1\r\n\r\n"); // no settings first
    EXPECT_TRUE(later.meets_end());
    later.close();
    EXPECT_TRUE(eventually([&] { return running.stats().connections_open == 0; }));
    EXPECT_EQ(http2_peer{running.port()}.ask("GET", "/emulator/stats").status, 200u);
}

TEST_F(http2_emulators, tell_the_versions_apart) {
    peer almost{running.port()};
    almost.send("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n");
    EXPECT_EQ(almost.receive().status, 400u);
    peer slow{running.port()};
    slow.send("P");
    slow.send("OST /v1/operations/x/cancel HTTP/1.1\r\n\r\n");
    EXPECT_EQ(slow.receive().status, 401u);
    peer leaves{running.port()};
    leaves.send("PRI");
    leaves.close();
    EXPECT_EQ(peer{running.port()}.ask("GET", "/emulator/stats").status, 200u);
    EXPECT_EQ(running.stats().http2_connections, 0u);
}

TEST(http2_emulator, speaks_the_versions_it_is_told_to) {
    server old{{.http = http_versions::only_1_1}};
    peer p{old.port()};
    p.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    EXPECT_EQ(p.receive().status, 400u);
    EXPECT_EQ(peer{old.port()}.ask("GET", "/emulator/stats").status, 200u);

    server young{{.http = http_versions::only_2}};
    peer ancient{young.port()};
    ancient.send(request_text("GET", "/emulator/stats"));
    EXPECT_TRUE(ancient.meets_end());
    EXPECT_EQ(http2_peer{young.port()}.ask("GET", "/emulator/stats").status, 200u);
    EXPECT_EQ(young.stats().requests, 1u);
}

TEST(http2_emulator, serves_a_bench) {
    server running{{.bench = true}};
    http2_peer waits{running.port()};
    peer admin{running.port()};
    std::string const text = "/admin/parked?timeoutMs=10000&op=";
    admin.send(request_text("GET", text + "ge&count=50"));
    std::vector<std::int32_t> streams;
    for (int i = 100; i < 150; ++i) {
        auto const id = "00000000-0000-4000-8000-0" + std::to_string(i) + "ffffffff";
        streams.push_back(waits.send("POST", path_of(id, "/wait")));
    }
    EXPECT_EQ(admin.receive().body().at("parked"), 50);
    EXPECT_EQ(admin.ask("POST", "/admin/release").body().at("released"), 50);
    for (auto const stream : streams)
        EXPECT_EQ(waits.finish(stream).body().at("operation").at("status"), "succeeded");
    EXPECT_EQ(admin.ask("GET", text + "le&count=0").body().at("connsOpen"), 2);
}

TEST(http2_emulator, allows_so_many_streams) {
    server running{{.max_streams = 3}};
    auto const id = running.create_operation(endless);
    http2_peer p{running.port()};
    // All at once, before the settings came.
    std::vector<std::int32_t> waits;
    for (int i = 0; i < 5; ++i)
        waits.push_back(p.send("POST", path_of(id, "/wait")));
    EXPECT_EQ(p.finish(waits[3]).error, 7u); // REFUSED_STREAM
    EXPECT_EQ(p.finish(waits[4]).error, 7u);
    EXPECT_EQ(p.max_streams(), 3u);
    EXPECT_EQ(running.stats().parked, 3u);
    EXPECT_EQ(running.stats().http2_streams_open, 3u);
}

TEST(http2_emulator, says_goodbye_to_idle_connections) {
    server running{{.idle_timeout = 250ms}};
    auto const id = running.create_operation(endless);
    http2_peer idle{running.port()}, parked{running.port()};
    auto const wait = parked.send("POST", path_of(id, "/wait"), R"({"timeoutMs":500})");
    EXPECT_TRUE(idle.meets_end());
    ASSERT_TRUE(idle.farewell());
    EXPECT_EQ(idle.farewell()->error, 0u);
    EXPECT_EQ(parked.finish(wait).body().at("timedOutWaiting"), true);
    EXPECT_TRUE(parked.meets_end());
    ASSERT_TRUE(parked.farewell());
    EXPECT_EQ(parked.farewell()->last_stream, wait);
}

TEST(http2_emulator, is_kept_from_idling_by_no_ping) {
    server running{{.idle_timeout = 250ms}};
    http2_peer p{running.port()};
    while (!p.farewell()) {
        p.submit_ping();
        p.flush();
        auto const before = p.pings_answered();
        if (!p.read_until([&] { return p.pings_answered() > before || p.farewell(); })) break;
    }
    EXPECT_TRUE(p.farewell());
    EXPECT_TRUE(p.meets_end());
}

TEST(http2_emulator, does_not_wait_for_ever_for_who_does_not_read) {
    server running{{.idle_timeout = 250ms}};
    auto const large = '"' + std::string(4'000'000, 'x') + '"';
    auto const path =
        path_of(running.create_operation({.steps = {{.takes = 0ms, .result = large}}}));
    auto const id = running.create_operation(endless);
    http2_peer blocks{running.port(), 1 << 30}; // the socket is what is full
    http2_peer stops{running.port(), 0};        // the window is what is full
    blocks.send("POST", path_of(id, "/wait"));
    for (int i = 0; i < 10; ++i)
        blocks.send("GET", path);
    stops.send("GET", path);
    ASSERT_TRUE(eventually([&] { return running.stats().requests == 12; }));
    EXPECT_TRUE(eventually([&] { return running.stats().connections_open == 0; }));
    EXPECT_EQ(running.stats().parked, 0u);
}

TEST(http2_emulator, stops_promptly_with_500_parked_waits) {
    server running;
    auto const id = running.create_operation(endless);
    std::vector<std::unique_ptr<http2_peer>> peers;
    for (int i = 0; i < 5; ++i) {
        auto& p = *peers.emplace_back(std::make_unique<http2_peer>(running.port()));
        for (int k = 0; k < 100; ++k)
            p.send("POST", path_of(id, "/wait"));
    }
    ASSERT_TRUE(eventually([&] { return running.stats().parked == 500; }));
    running.stop();
    for (auto const& p : peers)
        EXPECT_TRUE(p->meets_end());
    EXPECT_EQ(running.stats().parked, 0u);
    EXPECT_EQ(running.stats().connections_open, 0u);
    EXPECT_EQ(running.stats().http2_streams_open, 0u);
}

} // namespace
} // namespace bctrl::emulator
