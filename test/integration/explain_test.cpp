// What a client says of its calls while they talk to a server.

#include "client_fixture.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace bctrl::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

auto const ignore = [](error_code, auto const&) {};

class explained : public testing::Test {
protected:
    client make(std::size_t wait_connections = 16'000) {
        auto config = emulator_.config();
        config.http = http_version::http1;
        config.limits.wait_connections = wait_connections;
        return client{context_.get_executor(), config};
    }
    std::string endless() { return emulator_->create_operation(life_of(60s)); }

    /// Runs the context until `what` holds of what the client says.
    explanation until(client const& of, std::function<bool(explanation const&)> const& what) {
        for (int n = 0; n < 2'000; ++n) {
            auto seen = ask(of);
            if (what(seen)) return seen;
            context_.run_for(5ms);
        }
        ADD_FAILURE() << to_text(ask(of));
        return {};
    }
    /// A port of this machine on which nobody listens.
    unsigned short unused_port() {
        asio::ip::tcp::acceptor brief{context_, {asio::ip::address_v4::loopback(), 0}};
        return brief.local_endpoint().port();
    }
    explanation ask(client const& of) {
        std::optional<explanation> seen;
        of.explain([&](error_code ec, explanation what) {
            EXPECT_FALSE(ec);
            seen = std::move(what);
        });
        context_.restart();
        while (!seen)
            context_.run_one();
        return std::move(*seen);
    }

    secure_emulator emulator_;
    asio::io_context context_;
};

std::size_t count(explanation const& in, call_phase phase) {
    return static_cast<std::size_t>(std::count_if(
        in.calls.begin(), in.calls.end(), [&](auto const& each) { return each.phase == phase; }));
}

TEST_F(explained, waits_are_parked_and_one_is_queued) {
    auto const made = make(2);
    for (int n = 0; n < 3; ++n)
        made.operations().wait(endless(), ignore);
    auto const seen = until(made, [](auto const& what) {
        return count(what, call_phase::parked) == 2 && what.calls.size() == 3;
    });
    ASSERT_EQ(count(seen, call_phase::queued), 1U);
    for (auto const& each : seen.calls) {
        EXPECT_EQ(each.lane, lane_kind::wait);
        auto const parked = each.phase == call_phase::parked;
        EXPECT_EQ(each.place, parked ? 0U : 1U);
        EXPECT_LE(each.asked.value_or(0ms), 20'000ms * 2 / 3) << "they take turns";
    }
    EXPECT_EQ(seen.waits.awaiting_connection, 1U);
    ASSERT_EQ(seen.lanes.size(), 2U);
    auto const& lane = seen.lanes.back();
    EXPECT_EQ(lane.lane, lane_kind::wait);
    EXPECT_EQ(lane.limit, 2U);
    EXPECT_EQ(lane.in_use, 2U);
    EXPECT_EQ(lane.queued, 0U) << "they wait for their turn, not for any connection";
    EXPECT_EQ(seen.stats.calls, 3) << "to explain is no call";
    EXPECT_EQ(seen.stats.polls, 5) << "each was read at first, two are held";
    EXPECT_EQ(seen.stats.requests, 5);
    EXPECT_GT(seen.stats.bytes_sent, 0);
    EXPECT_THAT(to_text(seen), HasSubstr("queued at place 1 in lane wait"));
    EXPECT_THAT(to_json(seen), HasSubstr(R"("phase":"queued")"));
    EXPECT_THAT(to_text(seen) + to_json(seen), Not(HasSubstr(emulator_key)));
}

TEST_F(explained, calls_are_gone_when_they_have_ended) {
    auto const made = make();
    auto const id = emulator_->create_operation(life_of(0ms));
    int ended = 0;
    made.operations().wait(id, [&](error_code ec, operation_wait_result const&) {
        EXPECT_FALSE(ec);
        ++ended;
    });
    while (ended == 0)
        context_.run_one();
    auto const seen = ask(made);
    EXPECT_TRUE(seen.calls.empty());
    EXPECT_EQ(seen.stats.calls_succeeded, 1);
    EXPECT_EQ(seen.lanes.back().idle, 1U);
    EXPECT_GT(seen.stats.bytes_received, 0);
}

TEST_F(explained, it_can_be_awaited) {
    auto const made = make();
    auto work = [&]() -> asio::awaitable<std::size_t> {
        auto const seen = co_await made.explain();
        co_return seen.lanes.size();
    };
    std::optional<std::size_t> lanes;
    asio::co_spawn(context_, work(), [&](std::exception_ptr, std::size_t n) { lanes = n; });
    context_.run_for(5s);
    EXPECT_EQ(lanes, 2U);
}

TEST_F(explained, a_closing_client_says_what_it_waits_for) {
    auto const made = make();
    auto const id = emulator_->create_operation(life_of(200ms));
    made.operations().wait(id, ignore);
    until(made, [](auto const& what) { return count(what, call_phase::parked) == 1; });
    bool closed = false;
    made.close(10s, [&](error_code) { closed = true; });
    auto const closing = ask(made);
    EXPECT_FALSE(closed);
    ASSERT_EQ(closing.calls.size(), 1U);
    EXPECT_EQ(closing.calls.front().id, id);
    while (!closed)
        context_.run_one();
    EXPECT_TRUE(ask(made).calls.empty()) << "a closed client still answers";
    EXPECT_EQ(ask(made).lanes.back().open, 0U);
}

/// Asks again and again, one question at a time.
class inquirer {
public:
    explicit inquirer(client const& whom) : client_{whom} { ask(); }

    int answers() const noexcept { return answers_; }
    void stop() noexcept { stopped_ = true; }

private:
    void ask() {
        client_.explain([this](error_code ec, explanation const& seen) {
            EXPECT_FALSE(ec);
            EXPECT_LE(seen.calls.size(), 50U);
            ++answers_;
            if (!stopped_) ask();
        });
    }

    client const& client_;
    int answers_ = 0;
    bool stopped_ = false;
};

TEST_F(explained, calls_end_while_it_is_asked) {
    auto const made = make();
    auto const id = emulator_->create_operation(life_of(0ms));
    int ended = 0;
    for (int n = 0; n < 50; ++n)
        made.operations().get(id, [&](error_code, operation const&) { ++ended; });
    inquirer curious{made};
    while (ended < 50)
        context_.run_one();
    EXPECT_GT(curious.answers(), 1);
    curious.stop();
    EXPECT_TRUE(ask(made).calls.empty());
    context_.run_for(1ms);
}

TEST_F(explained, the_question_vanishes_with_its_context) {
    auto context = std::make_unique<asio::io_context>();
    client const made{context->get_executor(), emulator_.config()};
    made.operations().wait(endless(), ignore);
    auto const witness = std::make_shared<int>();
    made.explain([witness](error_code, explanation const&) { FAIL() << "told of nothing"; });
    EXPECT_EQ(witness.use_count(), 2);
    context.reset();
    EXPECT_EQ(witness.use_count(), 1);
    made.explain([witness](error_code, explanation const&) { FAIL() << "told of nothing"; });
    EXPECT_EQ(witness.use_count(), 1);
}

TEST_F(explained, the_client_goes_before_it_has_answered) {
    std::optional<client> made{make()};
    made->operations().wait(endless(), ignore);
    bool told = false;
    made->explain([&](error_code ec, explanation const&) {
        EXPECT_FALSE(ec);
        told = true;
    });
    made.reset();
    context_.run_for(10s);
    EXPECT_TRUE(told);
    EXPECT_TRUE(context_.stopped());
}

TEST_F(explained, a_server_that_is_gone_shows_in_the_lane) {
    auto config = emulator_.config();
    config.base_url = "http://127.0.0.1:" + std::to_string(unused_port());
    client const made{context_.get_executor(), config};
    made.operations().wait("op_1", ignore);
    auto const seen =
        until(made, [](auto const& what) { return count(what, call_phase::pausing) == 1; });
    auto const& call = seen.calls.front();
    EXPECT_EQ(call.pause, pause_reason::backoff);
    ASSERT_TRUE(call.last_error);
    EXPECT_EQ(call.last_error->code, errc::connect_failed);
    ASSERT_TRUE(seen.lanes.back().last_failed_dial);
    EXPECT_GE(seen.stats.dials_failed, 1);
    EXPECT_GE(seen.stats.wait_faults, 1);
}

} // namespace
} // namespace bctrl::test
