// What a user's file looks like to the compiler: the client, and two calls awaited.
#include <bctrl/client.hpp>

namespace asio = boost::asio;

asio::awaitable<bool> two_calls(bctrl::client& client, std::string id) {
    auto seen = co_await client.operations().get(id);
    auto done = co_await client.operations().wait(id, {.within = std::chrono::seconds{30}});
    co_return seen.id == done.operation.id;
}
