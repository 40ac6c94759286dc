#include <bctrl/command_page.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

namespace bctrl {
namespace {

namespace asio = boost::asio;

std::string const long_text(100, 'x');

/// Stands for a call of the client: takes the query by value and suspends.
asio::awaitable<commands_query> echo(commands_query query) {
    co_await asio::post(asio::use_awaitable);
    co_return query;
}

asio::awaitable<void> use(commands_query& plain, commands_query& chained) {
    plain = co_await echo({});
    chained = co_await echo(commands_query{}.limit(5).cursor(long_text).status(long_text));
}

/// g++ 12 destroys aggregate temporaries in a co_await expression twice; this must stay no
/// aggregate.
TEST(commands_query, survives_as_a_temporary_in_co_await) {
    static_assert(!std::is_aggregate_v<commands_query>);
    asio::io_context context;
    commands_query plain;
    commands_query chained;
    auto done = asio::co_spawn(context, use(plain, chained), asio::use_future);
    context.run();
    done.get();

    EXPECT_EQ(plain, commands_query{});
    EXPECT_EQ(chained.limit(), 5);
    EXPECT_EQ(chained.cursor(), long_text);
    ASSERT_EQ(chained.statuses().size(), 1u);
    EXPECT_EQ(chained.statuses().front(), long_text);
}

} // namespace
} // namespace bctrl
