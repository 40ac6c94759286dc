// The measure of compile time: the least that a program with a coroutine on Asio can be.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

namespace asio = boost::asio;

asio::awaitable<void> nothing() {
    co_return;
}

int main() {
    asio::io_context context;
    asio::co_spawn(context, nothing(), asio::detached);
    context.run();
}
