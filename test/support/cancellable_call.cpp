#include "support/cancellable_call.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/multiple_exceptions.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <exception>
#include <future>
#include <memory>
#include <tuple>

namespace bctrl::testing {

namespace {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;

error_code code_of(std::exception_ptr const& thrown) {
    if (!thrown) return {};
    try {
        std::rethrow_exception(thrown);
    } catch (asio::multiple_exceptions const& several) {
        return code_of(several.first_exception());
    } catch (boost::system::system_error const& one) {
        return one.code();
    } catch (std::exception const&) {
        return errc::internal;
    }
}

/// A coroutine that is spawned ends for no cancellation but the terminal one unless it says so.
auto every_type() {
    return asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
}

template <class Start>
asio::awaitable<void> await_inside(Start start) {
    co_await start(throwing_t{});
}

template <class Start>
asio::awaitable<void> await_call(Start start, [[maybe_unused]] live_handler counted) {
    co_await every_type();
    co_await await_inside(std::move(start));
}

template <class Start>
asio::awaitable<void> await_tuple(Start start, [[maybe_unused]] live_handler counted) {
    co_await every_type();
    auto const ended = co_await start(asio::as_tuple(asio::use_awaitable));
    if (auto const code = std::get<0>(ended)) throw boost::system::system_error{code};
}

template <class Start>
asio::awaitable<void> await_race(Start start, [[maybe_unused]] live_handler counted) {
    co_await every_type();
    asio::steady_timer never{co_await asio::this_coro::executor, std::chrono::hours{1}};
    co_await (start(throwing_t{}) || never.async_wait(asio::use_awaitable));
}

} // namespace

char const* name_of(call_kind which) noexcept {
    constexpr std::array names{"get", "wait", "cancel", "send", "page"};
    return names[static_cast<std::size_t>(which)];
}

char const* name_of(token_kind which) noexcept {
    constexpr std::array names{"callback", "future", "awaited", "tuple", "raced"};
    return names[static_cast<std::size_t>(which)];
}

void cancellable_call::emit(asio::cancellation_type type) {
    stop_.emit(is_race_ ? asio::cancellation_type::terminal : type);
}

int cancellable_call::endings() {
    if (look_into_future_) look_into_future_();
    return endings_;
}

template <class Start>
void cancellable_call::begin_with(token_kind how, Start start) {
    live_handler const counted{alive_};
    is_race_ = how == token_kind::raced;
    auto const spawn = [this, counted](asio::awaitable<void> work) {
        auto told = [this, counted](std::exception_ptr const& thrown) { end(code_of(thrown)); };
        asio::co_spawn(executor_, std::move(work),
                       asio::bind_cancellation_slot(stop_.slot(), std::move(told)));
    };
    switch (how) {
        case token_kind::callback: {
            auto told = [this, counted](error_code ec, auto const&...) { end(ec); };
            start(asio::bind_cancellation_slot(stop_.slot(),
                                               asio::bind_executor(executor_, std::move(told))));
            break;
        }
        case token_kind::future: {
            auto future = start(asio::bind_cancellation_slot(stop_.slot(), asio::use_future));
            look_into_future_ = [this,
                                 kept = std::make_shared<decltype(future)>(std::move(future))] {
                if (!kept->valid()) return;
                if (kept->wait_for(std::chrono::seconds{0}) != std::future_status::ready) return;
                try {
                    kept->get();
                    end({});
                } catch (...) {
                    end(code_of(std::current_exception()));
                }
            };
            break;
        }
        case token_kind::awaited:
            spawn(await_call(std::move(start), counted));
            break;
        case token_kind::tuple:
            spawn(await_tuple(std::move(start), counted));
            break;
        case token_kind::raced:
            spawn(await_race(std::move(start), counted));
            break;
    }
}

void cancellable_call::begin(client& with, call_kind what, token_kind how, std::string about,
                             json_text body) {
    switch (what) {
        case call_kind::get:
            return begin_with(how, [&with, about](auto token) {
                return with.operations().get(about, std::move(token));
            });
        case call_kind::wait:
            return begin_with(how, [&with, about](auto token) {
                return with.operations().wait(about, std::move(token));
            });
        case call_kind::cancel:
            return begin_with(how, [&with, about](auto token) {
                return with.operations().cancel(about, std::move(token));
            });
        case call_kind::send:
            return begin_with(how, [&with, about, body](auto token) {
                return with.send(request{"POST", about}.body(body).idempotency_key("key"),
                                 std::move(token));
            });
        case call_kind::page:
            return begin_with(how, [&with, about](auto token) {
                return with.runs().all_commands(about).next(std::move(token));
            });
    }
}

} // namespace bctrl::testing
