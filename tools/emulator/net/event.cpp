#include "emulator/net/event.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace bctrl::emulator {

void event::set() {
    if (!waiter_) {
        is_set_ = true;
        return;
    }
    auto woken = std::move(*waiter_);
    waiter_.reset();
    asio::post(executor_, std::move(woken));
}

asio::awaitable<void> event::wait() {
    if (std::exchange(is_set_, false)) co_return;
    auto const keep = [this](auto handler) { waiter_.emplace(std::move(handler)); };
    co_await asio::async_initiate<asio::use_awaitable_t<> const, void()>(keep, asio::use_awaitable);
}

} // namespace bctrl::emulator
