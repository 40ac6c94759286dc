// Every call of the client, against the emulator over HTTPS.

#include "client_fixture.hpp"

#include <gmock/gmock.h>

#include <set>
#include <string>
#include <vector>

namespace bctrl::test {
namespace {

class calls : public testing::Test {
protected:
    /// Runs `work(client)` with a client of its own, which is closed behind it.
    template <class Work>
    auto with_client(Work work) {
        return loop_.run(scoped(std::move(work)));
    }

    secure_emulator emulator_;
    event_loop loop_;

private:
    template <class Work>
    auto scoped(Work work) -> decltype(work(std::declval<client&>())) {
        client made{loop_.executor(), emulator_.config()};
        auto pending = work(made);
        auto value = co_await std::move(pending);
        co_await made.close(0ms);
        co_return value;
    }
};

emulator::life failing_life() {
    emulator::life script = life_of(10ms);
    emulator::step_error error;
    error.code = "UNKNOWN_CALL";
    error.message = "There is no call named page.clik.";
    script.steps[0].error = error;
    return script;
}

asio::awaitable<operation> get_operation(client& from, std::string id) {
    co_return co_await from.operations().get(id);
}

TEST_F(calls, get_returns_the_present_state) {
    auto const id = emulator_->create_operation(life_of(60s));
    auto const found = with_client([&](client& c) { return get_operation(c, id); });
    EXPECT_EQ(found.id, id);
    EXPECT_EQ(found.status, durable_status::running);
}

asio::awaitable<operation_wait_result> wait_for_operation(client& from, std::string id) {
    co_return co_await from.operations().wait(id);
}

TEST_F(calls, wait_returns_when_the_operation_has_ended) {
    auto const id = emulator_->create_operation(life_of(150ms));
    auto const seen = with_client([&](client& c) { return wait_for_operation(c, id); });
    EXPECT_EQ(seen.operation.status, durable_status::succeeded);
    EXPECT_FALSE(seen.timed_out_waiting);
}

TEST_F(calls, wait_returns_failed_operations_as_values) {
    auto const id = emulator_->create_operation(failing_life());
    auto const seen = with_client([&](client& c) { return wait_for_operation(c, id); });
    EXPECT_EQ(seen.operation.status, durable_status::failed);
    ASSERT_TRUE(seen.operation.result.has_value());
    EXPECT_EQ(seen.operation.result->steps.at(0).error->code,
              operation_step_error_code::unknown_call);
}

asio::awaitable<operation_wait_result> wait_within(client& from, std::string id,
                                                   std::chrono::milliseconds within) {
    co_return co_await from.operations().wait(id, {.within = within});
}

TEST_F(calls, wait_within_a_time_returns_the_last_state_seen) {
    auto const id = emulator_->create_operation(life_of(60s));
    auto const begun = std::chrono::steady_clock::now();
    auto const seen = with_client([&](client& c) { return wait_within(c, id, 200ms); });
    EXPECT_TRUE(seen.timed_out_waiting);
    EXPECT_EQ(seen.operation.status, durable_status::running);
    EXPECT_GE(std::chrono::steady_clock::now() - begun, 200ms);
}

asio::awaitable<operation_wait_result> wait_in_slices(client& from, std::string id) {
    co_return co_await from.operations().wait(id, {.policy = wait_policy{.slice = 60ms}});
}

TEST_F(calls, wait_polls_as_often_as_it_takes) {
    auto const id = emulator_->create_operation(life_of(400ms));
    auto const seen = with_client([&](client& c) { return wait_in_slices(c, id); });
    EXPECT_EQ(seen.operation.status, durable_status::succeeded);
    EXPECT_GE(emulator_->stats().requests, 4U);
}

asio::awaitable<operation_wait_result> cancel_and_wait(client& with, std::string id) {
    auto const asked = co_await with.operations().cancel(id);
    EXPECT_EQ(asked.status, durable_status::cancelling);
    co_return co_await with.operations().wait(id);
}

TEST_F(calls, cancel_moves_through_cancelling_to_cancelled) {
    auto const id = emulator_->create_operation(life_of(60s));
    auto const seen = with_client([&](client& c) { return cancel_and_wait(c, id); });
    EXPECT_EQ(seen.operation.status, durable_status::cancelled);
}

asio::awaitable<invocation> follow_invocation(client& with, std::string ends, std::string endless) {
    auto const found = co_await with.invocations().get(ends);
    EXPECT_EQ(found.id, ends);
    auto const asked = co_await with.invocations().cancel(endless);
    EXPECT_EQ(asked.id, endless);
    auto const cancelled = co_await with.invocations().wait(endless);
    EXPECT_EQ(cancelled.invocation.status, durable_status::cancelled);
    auto seen = co_await with.invocations().wait(ends);
    co_return seen.invocation;
}

TEST_F(calls, invocations_are_got_waited_for_and_cancelled) {
    auto const ends = emulator_->create_invocation(life_of(100ms));
    auto const endless = emulator_->create_invocation(life_of(60s));
    auto const seen = with_client([&](client& c) { return follow_invocation(c, ends, endless); });
    EXPECT_EQ(seen.status, durable_status::succeeded);
}

asio::awaitable<std::string> create_run(client& with, std::string body) {
    request creation{"POST", "/emulator/runs"};
    creation.body(*json_text::from(body));
    auto const made = co_await with.send(creation);
    EXPECT_EQ(made.status, 201);
    auto const at = made.body.find(R"("id":")") + 6;
    co_return made.body.substr(at, made.body.find('"', at) - at);
}

asio::awaitable<std::vector<std::int64_t>> all_sequence_numbers(client& with, std::string script,
                                                                commands_query query) {
    auto const run = co_await create_run(with, script);
    auto pager = with.runs().all_commands(run, query);
    std::vector<std::int64_t> numbers;
    while (auto const next = co_await pager.next())
        numbers.push_back(next->sequence_no);
    co_return numbers;
}

TEST_F(calls, the_pager_reads_every_command_over_all_pages) {
    auto const numbers = with_client([](client& c) {
        return all_sequence_numbers(c, R"({"commands":7})", commands_query{}.limit(3));
    });
    EXPECT_EQ(numbers.size(), 7U);
    EXPECT_EQ(std::set(numbers.begin(), numbers.end()).size(), 7U);
}

TEST_F(calls, the_pager_goes_on_behind_an_empty_page) {
    auto const numbers = with_client([](client& c) {
        return all_sequence_numbers(c, R"({"commands":6,"emptyPageAt":1})",
                                    commands_query{}.limit(2));
    });
    EXPECT_EQ(numbers.size(), 6U);
}

TEST_F(calls, a_cursor_that_repeats_is_an_error) {
    auto const endless = [&] {
        with_client([](client& c) {
            return all_sequence_numbers(c, R"({"commands":6,"repeatCursorAt":1})",
                                        commands_query{}.limit(2));
        });
    };
    try {
        endless();
        FAIL() << "the list ended";
    } catch (request_error const& e) {
        EXPECT_EQ(e.code(), errc::cursor_repeated);
        EXPECT_EQ(e.code(), condition::protocol);
    }
}

asio::awaitable<command_page> one_page(client& with) {
    auto const run = co_await create_run(with, R"({"commands":5})");
    co_return co_await with.runs().commands(run, commands_query{}.limit(2).order(sort_order::desc));
}

TEST_F(calls, a_page_names_the_next_one) {
    auto const page = with_client([](client& c) { return one_page(c); });
    ASSERT_EQ(page.commands.size(), 2U);
    EXPECT_GT(page.commands[0].sequence_no, page.commands[1].sequence_no);
    EXPECT_TRUE(page.next_cursor.has_value());
}

asio::awaitable<response> send_to(client& with, request what) {
    co_return co_await with.send(what);
}

TEST_F(calls, send_reaches_any_endpoint) {
    auto const got = with_client([](client& c) {
        return send_to(c, request{"GET", "/emulator/stats"});
    });
    EXPECT_EQ(got.status, 200);
    EXPECT_FALSE(got.request_id.empty());
    EXPECT_THAT(got.body, testing::HasSubstr("\"operations\":0"));
}

asio::awaitable<std::uint64_t> get_many_times(client& with, std::string id) {
    for (int n = 0; n < 50; ++n)
        co_await with.operations().get(id);
    co_return static_cast<std::uint64_t>(with.stats().connections);
}

TEST_F(calls, calls_one_after_the_other_share_a_connection) {
    auto const id = emulator_->create_operation(life_of(60s));
    EXPECT_EQ(with_client([&](client& c) { return get_many_times(c, id); }), 1U);
}

} // namespace
} // namespace bctrl::test
