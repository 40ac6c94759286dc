// What goes out again at once because its connection had ended before: the rule, and its working on
// sockets.

#include "transport/pool/replay.hpp"

#include "support/accepting_server.hpp"
#include "support/strand_bench.hpp"
#include "transport/pool/origin.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace bctrl::pool {
namespace {

using namespace std::chrono_literals;
using progress = exchange_progress;

constexpr std::string_view ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

TEST(may_go_out_again, what_a_closed_connection_never_carried) {
    constexpr bool kept = true, opened = false, replayable = true, once = false;
    struct {
        errc code;
        progress how_far;
        bool on_kept;
        milliseconds took;
        bool may_repeat;
        bool expected;
    } const table[] = {
        {errc::connection_lost, progress::unsent, kept, 0ms, once, true},
        {errc::connection_lost, progress::unsent, kept, 0ms, replayable, true},
        {errc::connection_lost, progress::sent, kept, 0ms, replayable, true},
        {errc::connection_lost, progress::sent, kept, 1'000ms, replayable, true},
        {errc::connection_lost, progress::sent, kept, 1'001ms, replayable, false},
        {errc::connection_lost, progress::sent, kept, 0ms, once, false},
        {errc::connection_lost, progress::answered, kept, 0ms, replayable, false},
        {errc::connection_lost, progress::unsent, opened, 0ms, replayable, false},
        {errc::connection_lost, progress::sent, opened, 0ms, replayable, false},
        {errc::deadline_exceeded, progress::unsent, kept, 0ms, replayable, false},
        {errc::client_closed, progress::sent, kept, 0ms, replayable, false},
        {errc::tls_failed, progress::sent, kept, 0ms, replayable, false},
        {errc::malformed_response, progress::sent, kept, 0ms, replayable, false},
    };
    for (auto const& [code, how_far, on_kept, took, may_repeat, expected] : table) {
        exchange_failure const failed{failure{code, "as scripted"}, how_far};
        EXPECT_EQ(may_go_out_again({failed, on_kept, false, took}, may_repeat), expected)
            << error_code{code}.message() << ", " << static_cast<int>(how_far) << ", " << on_kept
            << ", " << took.count() << " ms, " << may_repeat;
    }
}

TEST(may_go_out_again, what_the_server_says_that_it_did_not_act_on) {
    constexpr bool refused = true;
    for (bool const replayable : {false, true})
        for (bool const on_kept : {false, true}) {
            exchange_failure const unsent{failure{errc::connection_lost, "refused"},
                                          progress::unsent};
            EXPECT_TRUE(may_go_out_again({unsent, on_kept, refused, 60s}, replayable));
            exchange_failure const sent{failure{errc::connection_lost, "reset"}, progress::sent};
            EXPECT_FALSE(may_go_out_again({sent, on_kept, refused, 0s}, replayable));
            exchange_failure const stopped{failure{errc::client_closed, "closed"},
                                           progress::unsent};
            EXPECT_FALSE(may_go_out_again({stopped, on_kept, refused, 0s}, replayable));
        }
}

class replays : public ::testing::Test {
protected:
    replays() {
        origin_settings settings;
        settings.host = "127.0.0.1";
        settings.port = server.port();
        settings.headers = "Host: h\r\n";
        settings.control = {{2, 2}, 10s, 30s, 600s};
        settings.wait = settings.control;
        made = std::make_unique<origin>(bench.runs_on(), std::move(settings));
    }
    ~replays() override { bench.scope().destroy_all(); }

    using ended = testing::pending<exchange_outcome>;

    ended ask(bool replayable = true) {
        auto& request = requests.emplace_back();
        request.method = "POST";
        request.target = "/v1/x";
        request.replayable = replayable;
        return bench.start(made->exchange(request, lane_kind::control, stop, told));
    }
    testing::accepting_server::socket_type& connection(std::size_t n) {
        bench.run_until([&] { return server.count() > n; });
        return server.at(n);
    }
    void await_request(std::size_t on) {
        auto& from = connection(on);
        bench.run_until([&] { return from.available() > 0; });
        std::string request(from.available(), '\0');
        from.read_some(boost::asio::buffer(request));
    }
    void answer(std::size_t on) {
        await_request(on);
        connection(on).send(boost::asio::buffer(ok));
    }
    void reset(std::size_t on) {
        await_request(on);
        connection(on).set_option(boost::asio::socket_base::linger{true, 0});
        connection(on).close();
    }
    exchange_outcome outcome_of(ended const& of) { return bench.finish(of); }
    std::int64_t count() { return bench.live().replays; }
    std::int64_t opened() { return bench.live().connections; }

    testing::strand_bench bench;
    testing::accepting_server server{bench.context()};
    stop_signal stop;
    activity told;
    std::deque<wire_request> requests; ///< outlive their exchanges
    std::unique_ptr<origin> made;
};

TEST_F(replays, put_a_dead_kept_connection_right) {
    auto const first = ask();
    answer(0);
    EXPECT_TRUE(outcome_of(first));
    auto const second = ask();
    reset(0);
    answer(1);
    auto const got = outcome_of(second);
    ASSERT_TRUE(got);
    EXPECT_EQ(got->body, "ok");
    EXPECT_EQ(count(), 1);
    EXPECT_EQ(bench.live().requests, 3);
}

TEST_F(replays, send_nothing_twice_that_must_not_be) {
    auto const first = ask();
    answer(0);
    EXPECT_TRUE(outcome_of(first));
    auto const second = ask(false);
    reset(0);
    auto const got = outcome_of(second);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().why.code, errc::connection_lost);
    EXPECT_EQ(got.error().progress, progress::sent);
    EXPECT_EQ(count(), 0);
    EXPECT_EQ(opened(), 1);
}

TEST_F(replays, are_not_for_connections_that_were_just_opened) {
    auto const first = ask();
    reset(0);
    EXPECT_FALSE(outcome_of(first));
    EXPECT_EQ(count(), 0);
}

TEST_F(replays, are_not_for_requests_that_the_server_held) {
    auto const first = ask();
    answer(0);
    EXPECT_TRUE(outcome_of(first));
    auto const second = ask();
    await_request(0);
    bench.pass(5s);
    connection(0).close();
    EXPECT_FALSE(outcome_of(second));
    EXPECT_EQ(count(), 0);
}

TEST_F(replays, go_past_all_that_a_restart_has_ended) {
    auto const first = ask();
    auto const second = ask();
    answer(0);
    answer(1);
    EXPECT_TRUE(outcome_of(first) && outcome_of(second));
    auto const third = ask();
    bench.run_until([&] { return server.at(0).available() + server.at(1).available() > 0; });
    reset(server.at(0).available() > 0 ? 0 : 1);
    answer(2);
    EXPECT_TRUE(outcome_of(third));
    EXPECT_EQ(count(), 1);
    EXPECT_EQ(bench.live().sockets, 1) << "the other one was as old, and closed untried";
}

TEST_F(replays, end_on_a_new_connection) {
    auto const first = ask();
    auto const second = ask();
    answer(0);
    answer(1);
    EXPECT_TRUE(outcome_of(first) && outcome_of(second));

    bench.pass(1s);
    auto const unlucky = ask();
    bench.run_until([&] { return server.at(0).available() + server.at(1).available() > 0; });
    auto const mine = server.at(0).available() > 0 ? std::size_t{0} : std::size_t{1};
    auto const other = 1 - mine;
    auto const beside = ask();
    answer(other);
    EXPECT_TRUE(outcome_of(beside));
    reset(mine);
    bench.run_until([&] { return server.at(other).available() > 0; });
    EXPECT_EQ(count(), 1) << "kept more recently than the one that was dead, it is trusted";

    bench.pass(1s);
    auto const third = ask();
    answer(2);
    EXPECT_TRUE(outcome_of(third));
    reset(other);
    answer(3);
    EXPECT_TRUE(outcome_of(unlucky));
    EXPECT_EQ(count(), 2);
    EXPECT_EQ(opened(), 4) << "the third was kept, and not trusted any more";
}

} // namespace
} // namespace bctrl::pool
