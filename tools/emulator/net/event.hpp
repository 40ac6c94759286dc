#pragma once

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <optional>

namespace bctrl::emulator {

namespace asio = boost::asio;

/// Wakes one coroutine of the same thread. A call of `set` without a waiter is remembered for the
/// next. Whoever is woken looks again at what it waits for.
class event {
public:
    explicit event(asio::any_io_executor executor) : executor_{std::move(executor)} {}

    void set();
    asio::awaitable<void> wait();

private:
    asio::any_io_executor executor_;
    bool is_set_ = false;
    std::optional<asio::any_completion_handler<void()>> waiter_{};
};

} // namespace bctrl::emulator
