// Client, execution context and callers may end in any order; no handler is lost, none is called
// twice.

#include "client_fixture.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <optional>

namespace bctrl::test {
namespace {

/// Tells how many handlers were called, and how many were destroyed.
struct witness {
    int called = 0;
    int alive = 0;
};

class counting_handler {
public:
    explicit counting_handler(witness& to) : to_{&to} { ++to_->alive; }
    counting_handler(counting_handler const&) = delete;
    counting_handler(counting_handler&& other) noexcept : to_{std::exchange(other.to_, nullptr)} {}
    counting_handler& operator=(counting_handler&&) = delete;
    ~counting_handler() {
        if (to_) --to_->alive;
    }

    void operator()(error_code, operation_wait_result const&) { ++to_->called; }
    void operator()(error_code, operation const&) { ++to_->called; }

private:
    witness* to_;
};

class lifetime : public testing::Test {
protected:
    /// Runs the context until `count` waits are parked on the server.
    void until_parked(asio::io_context& context, std::size_t count) {
        for (int n = 0; n < 1'000 && emulator_->stats().parked < count; ++n)
            context.run_for(5ms);
        ASSERT_EQ(emulator_->stats().parked, count);
    }

    /// Lets the server's thread notice that connections were closed.
    static void breathe() {
        asio::io_context brief;
        asio::steady_timer timer{brief, 5ms};
        timer.wait();
    }

    std::string endless() { return emulator_->create_operation(life_of(60s)); }

    secure_emulator emulator_;
    witness seen_;
};

TEST_F(lifetime, the_client_goes_first_while_calls_are_parked) {
    asio::io_context context;
    auto made = std::make_unique<client>(context.get_executor(), emulator_.config());
    for (int n = 0; n < 10; ++n)
        made->operations().wait(endless(), counting_handler{seen_});
    until_parked(context, 10);
    made.reset();
    context.run_for(10s);
    EXPECT_TRUE(context.stopped()) << "nothing may keep the context running";
    EXPECT_EQ(seen_.called, 10);
    EXPECT_EQ(seen_.alive, 0);
}

TEST_F(lifetime, the_context_goes_first_while_calls_are_parked) {
    auto const before = open_descriptors();
    auto context = std::make_unique<asio::io_context>();
    client made{context->get_executor(), emulator_.config()};
    for (int n = 0; n < 10; ++n)
        made.operations().wait(endless(), counting_handler{seen_});
    until_parked(*context, 10);
    context.reset();
    EXPECT_EQ(seen_.called, 0);
    EXPECT_EQ(seen_.alive, 0) << "handlers vanish with their context";
    for (int n = 0; n < 2'000 && emulator_->stats().connections_open > 0; ++n)
        breathe();
    EXPECT_LE(open_descriptors(), before);
}

TEST_F(lifetime, the_context_goes_before_calls_have_begun) {
    auto context = std::make_unique<asio::io_context>();
    client made{context->get_executor(), emulator_.config()};
    made.operations().wait(endless(), counting_handler{seen_});
    made.operations().get(endless(), counting_handler{seen_});
    context.reset();
    EXPECT_EQ(seen_.called, 0);
    EXPECT_EQ(seen_.alive, 0);
}

TEST_F(lifetime, the_context_goes_in_the_middle_of_dials) {
    for (int turns = 1; turns < 40; ++turns) {
        auto context = std::make_unique<asio::io_context>();
        client made{context->get_executor(), emulator_.config()};
        for (int n = 0; n < 5; ++n)
            made.operations().wait(endless(), counting_handler{seen_});
        for (int n = 0; n < turns; ++n)
            context->run_one_for(20ms);
        context.reset();
        EXPECT_EQ(seen_.alive, 0) << turns << " turns";
    }
}

TEST_F(lifetime, the_client_goes_in_the_middle_of_everything) {
    for (int turns = 0; turns < 40; ++turns) {
        asio::io_context context;
        seen_.called = 0;
        auto made = std::make_unique<client>(context.get_executor(), emulator_.config());
        for (int n = 0; n < 5; ++n)
            made->operations().wait(endless(), counting_handler{seen_});
        for (int n = 0; n < turns; ++n)
            context.run_one_for(20ms);
        made.reset();
        context.run_for(10s);
        EXPECT_TRUE(context.stopped());
        EXPECT_EQ(seen_.called, 5) << turns << " turns";
        EXPECT_EQ(seen_.alive, 0) << turns << " turns";
    }
}

asio::awaitable<void> wait_forever(client& with, std::string id) {
    co_await with.operations().wait(id);
}

TEST_F(lifetime, the_context_goes_first_while_a_coroutine_owns_the_client) {
    auto context = std::make_unique<asio::io_context>();
    auto work = [](client_config config, std::string id) -> asio::awaitable<void> {
        client own{co_await asio::this_coro::executor, config};
        co_await wait_forever(own, id);
    };
    bool ended = false;
    asio::co_spawn(*context, work(emulator_.config(), endless()),
                   [&](std::exception_ptr const&) { ended = true; });
    until_parked(*context, 1);
    context.reset();
    EXPECT_FALSE(ended);
}

TEST_F(lifetime, handles_outlive_their_client) {
    asio::io_context context;
    std::optional<client> made{std::in_place, context.get_executor(), emulator_.config()};
    auto const operations = made->operations();
    auto pager = made->runs().all_commands("run");
    made.reset();
    std::optional<error_code> ended;
    operations.get(endless(), [&](error_code ec, operation const&) { ended = ec; });
    std::optional<error_code> paged;
    pager.next([&](error_code ec, std::optional<command> const&) { paged = ec; });
    context.run();
    EXPECT_EQ(ended, errc::client_closed);
    EXPECT_EQ(paged, errc::client_closed);
}

TEST_F(lifetime, a_client_is_moved_while_calls_are_in_flight) {
    asio::io_context context;
    client first{context.get_executor(), emulator_.config()};
    first.operations().wait(emulator_->create_operation(life_of(100ms)), counting_handler{seen_});
    client second{std::move(first)};
    second.operations().get(endless(), [&](error_code ec, operation const&) { EXPECT_FALSE(ec); });
    for (int n = 0; n < 1'000 && seen_.called == 0; ++n)
        context.run_for(5ms);
    EXPECT_EQ(seen_.called, 1);
    client third{context.get_executor(), emulator_.config()};
    second = std::move(third);
    EXPECT_EQ(second.stats().calls, 0);
}

TEST_F(lifetime, a_handler_may_destroy_the_client) {
    asio::io_context context;
    auto made = std::make_unique<client>(context.get_executor(), emulator_.config());
    auto& operations = *made;
    operations.operations().get(endless(), [&](error_code ec, operation const&) {
        EXPECT_FALSE(ec);
        made.reset();
    });
    operations.operations().wait(endless(), counting_handler{seen_});
    context.run_for(10s);
    EXPECT_TRUE(context.stopped());
    EXPECT_EQ(seen_.called, 1);
}

} // namespace
} // namespace bctrl::test
