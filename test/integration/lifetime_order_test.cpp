// Everything that has to do with a call may end in any order, at any moment of it, on any executor.

#include "client_fixture.hpp"

#include "support/cancellable_call.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bctrl::test {
namespace {

using testing::live_handler;

enum class part { client, context, handles, signals };

constexpr std::array part_names{"client", "context", "handles", "signals"};

std::string name_of(std::array<part, 4> const& order) {
    std::string text;
    for (auto const each : order)
        text += std::string{text.empty() ? "" : ", "} + part_names[static_cast<std::size_t>(each)];
    return text;
}

/// How far the calls are when the first part goes: so many turns, or all that can be done without the
/// passing of time.
constexpr std::array moments{0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 1'000};

struct counters {
    std::atomic<int> alive = 0;
    int told = 0;
};

asio::awaitable<void> wait_inside(operations_api on, std::string id, counters& count) {
    live_handler const frame{count.alive};
    try {
        co_await on.wait(std::move(id));
    } catch (request_error const&) {
        ++count.told;
    }
}

/// A client, its context, its handles, and calls of every kind in flight.
class world {
public:
    world(client_config const& config, std::string const& endless, bool on_a_strand,
          counters& count)
        : count_{count} {
        asio::any_io_executor executor = context_->get_executor();
        if (on_a_strand) executor = asio::make_strand(executor);
        client_.emplace(executor, config);
        handles_.emplace(
            handles{client_->operations(), client_->runs(), client_->runs().all_commands("run")});
        begin_calls(endless, executor);
    }

    void run(int turns) {
        for (int n = 0; n < turns; ++n)
            if (context_->run_one_for(2ms) == 0) return;
    }

    void destroy(part which) {
        switch (which) {
            case part::client:
                client_.reset();
                break;
            case part::context:
                context_.reset();
                break;
            case part::handles:
                handles_.reset();
                break;
            case part::signals:
                signals_.reset();
                break;
        }
        if (context_) context_->poll();
    }

    /// Runs the context until nothing is left for it to do.
    bool come_to_rest() {
        if (!context_) return true;
        context_->run_for(10s);
        return context_->stopped();
    }

    static constexpr int calls = 6;

private:
    struct handles {
        operations_api operations;
        runs_api runs;
        command_pager pager;
    };

    auto told() {
        return [&count = count_, frame = live_handler{count_.alive}](error_code, auto const&) {
            ++count.told;
        };
    }
    template <class Handler>
    auto stoppable(std::size_t by, Handler handler) {
        return asio::bind_cancellation_slot((*signals_)[by].slot(), std::move(handler));
    }

    void begin_calls(std::string const& endless, asio::any_io_executor const& executor) {
        auto& h = *handles_;
        h.operations.wait(endless, told());
        h.operations.wait(endless, stoppable(0, told()));
        h.operations.get(endless, stoppable(1, told()));
        client_->send(request{"GET", "/v1/operations/" + endless}, told());
        h.pager.next(told());
        asio::co_spawn(executor, wait_inside(h.operations, endless, count_),
                       [](std::exception_ptr const& thrown) { EXPECT_FALSE(thrown); });
    }

    counters& count_;
    std::optional<std::array<asio::cancellation_signal, 2>> signals_{std::in_place};
    std::unique_ptr<asio::io_context> context_ = std::make_unique<asio::io_context>(1);
    std::optional<client> client_;
    std::optional<handles> handles_;
};

class lifetime_order : public ::testing::TestWithParam<bool> {
protected:
    void end_in(std::array<part, 4> const& order, int turns) {
        SCOPED_TRACE(name_of(order) + ", after " + std::to_string(turns) + " turns");
        counters count;
        {
            world all{config_, endless_, GetParam(), count};
            all.run(turns);
            auto const context_last = order.back() == part::context;
            for (auto const each : order) {
                if (context_last && each == part::context) {
                    EXPECT_TRUE(all.come_to_rest());
                    EXPECT_EQ(count.told, world::calls)
                        << "nothing is lost while its context lives";
                }
                all.destroy(each);
            }
        }
        EXPECT_LE(count.told, world::calls);
        EXPECT_EQ(count.alive, 0);
    }

    emulator::server emulator_;
    std::string const endless_ = emulator_.create_operation(life_of(600s));
    client_config const config_ = [this] {
        emulator_.create_invocations(3, life_of(0ms), "run");
        client_config made;
        made.key = api_key{emulator_key};
        made.base_url = emulator_.base_url();
        return made;
    }();
};

TEST_P(lifetime_order, does_not_matter) {
    std::array order{part::client, part::context, part::handles, part::signals};
    do {
        for (auto const turns : moments)
            end_in(order, turns);
    } while (std::next_permutation(order.begin(), order.end()));
}

INSTANTIATE_TEST_SUITE_P(executors, lifetime_order, ::testing::Bool(),
                         [](auto const& given) { return given.param ? "strand" : "context"; });

class lifetime_edges : public ::testing::Test {
protected:
    emulator::server emulator_;
    client_config const config_ = [this] {
        client_config made;
        made.key = api_key{emulator_key};
        made.base_url = emulator_.base_url();
        return made;
    }();
    std::string const endless_ = emulator_.create_operation(life_of(600s));
    std::string const ended_ = emulator_.create_operation(life_of(0ms));
};

TEST_F(lifetime_edges, a_call_that_nobody_awaits_is_none) {
    asio::io_context context;
    client with{context.get_executor(), config_};
    { [[maybe_unused]] auto const dropped = with.operations().get(ended_); }
    with.close(0ms, [](error_code) {});
    context.run();
    EXPECT_EQ(emulator_.stats().requests, 0U);
}

TEST_F(lifetime_edges, a_future_may_be_dropped) {
    asio::io_context context;
    client with{context.get_executor(), config_};
    { [[maybe_unused]] auto const dropped = with.operations().get(ended_, asio::use_future); }
    with.close(10s, [&](error_code) { EXPECT_EQ(with.stats().calls_succeeded, 1); });
    context.run();
    EXPECT_EQ(with.stats().calls_succeeded, 1);
}

TEST_F(lifetime_edges, a_future_is_told_that_its_context_is_gone) {
    auto context = std::make_unique<asio::io_context>();
    client with{context->get_executor(), config_};
    auto parked = with.operations().wait(endless_, asio::use_future);
    context->run_for(20ms);
    context.reset();
    EXPECT_THROW(parked.get(), std::future_error);
    EXPECT_THROW(with.operations().get(ended_, asio::use_future).get(), std::future_error);
}

TEST_F(lifetime_edges, a_client_without_its_context_has_nothing) {
    auto context = std::make_unique<asio::io_context>();
    client with{asio::make_strand(*context), config_};
    auto const operations = with.operations();
    for (int n = 0; n < 10; ++n)
        operations.wait(endless_, {.share = false}, [](error_code, auto const&) {});
    for (int n = 0; n < 1'000 && emulator_.stats().parked < 10; ++n)
        context->run_for(2ms);
    EXPECT_EQ(with.stats().sockets, 10);
    EXPECT_TRUE(with.get_executor());
    context.reset();
    auto const left = with.stats();
    EXPECT_EQ(left.calls + left.queued + left.dials + left.sockets + left.watches, 0);
    EXPECT_FALSE(with.get_executor());
    with.abandon();
    auto const copy = operations;
    copy.get(ended_, [](error_code, auto const&) { ADD_FAILURE() << "nobody can call this"; });
}

TEST_F(lifetime_edges, a_completion_waits_in_a_context_that_is_stopped) {
    counters count;
    asio::io_context callers;
    {
        asio::io_context context;
        client with{context.get_executor(), config_};
        auto told = [&count, frame = live_handler{count.alive}](error_code ec, auto const&) {
            EXPECT_FALSE(ec);
            ++count.told;
        };
        with.operations().get(ended_, asio::bind_executor(callers, told));
        callers.stop();
        with.close(10s, [](error_code) {});
        context.run();
    }
    EXPECT_EQ(count.told, 0);
    EXPECT_EQ(callers.run(), 0U);
    callers.restart();
    callers.run();
    EXPECT_EQ(count.told, 1);
    EXPECT_EQ(count.alive, 0);
}

TEST_F(lifetime_edges, a_completion_vanishes_with_a_context_that_was_stopped) {
    counters count;
    asio::io_context context;
    client with{context.get_executor(), config_};
    {
        asio::io_context callers;
        with.operations().get(
            ended_, asio::bind_executor(callers, [&count, frame = live_handler{count.alive}](
                                                     error_code, auto const&) { ++count.told; }));
        callers.stop();
        with.close(10s, [](error_code) {});
        context.run();
        EXPECT_EQ(count.alive, 1);
    }
    EXPECT_EQ(count.told, 0);
    EXPECT_EQ(count.alive, 0);
}

/// What is destroyed with the context may turn to the client once more.
TEST_F(lifetime_edges, a_handler_may_use_the_client_while_it_is_destroyed) {
    struct last_words {
        client* with;
        explicit last_words(client& c) : with{&c} {}
        last_words(last_words&& other) noexcept : with{std::exchange(other.with, nullptr)} {}
        ~last_words() {
            if (!with) return;
            with->operations().get("other", [](error_code, auto const&) {});
            with->abandon();
        }
        void operator()(error_code, operation_wait_result const&) const {}
    };
    for (auto const turns : moments) {
        auto context = std::make_unique<asio::io_context>(1);
        client with{asio::make_strand(*context), config_};
        for (int n = 0; n < 3; ++n)
            with.operations().wait(endless_, last_words{with});
        for (int n = 0; n < turns && context->run_one_for(2ms) > 0; ++n) {
        }
        context.reset();
        EXPECT_EQ(with.stats().calls, 0) << turns << " turns";
    }
}

} // namespace
} // namespace bctrl::test
