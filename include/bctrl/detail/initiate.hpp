#pragma once

#include <bctrl/error.hpp>
#include <bctrl/throwing.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associator.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <type_traits>
#include <utility>

namespace bctrl::detail {

namespace asio = boost::asio;

class client_core;

using failure_report = std::shared_ptr<error_details const>;

/// What a call ends in, on its way to the caller: it stays where it was read. Null if the call
/// failed.
template <class T>
using handed = std::unique_ptr<T>;

/// Every call ends in one of these, whatever token it was given; all behind it is compiled once.
template <class... T>
using completion = asio::any_completion_handler<void(error_code, failure_report, handed<T>...)>;

/// The executor of a client; none once its context is gone. Asked for with every call and kept in no
/// handle: one of a strand must not outlive its context.
asio::any_io_executor executor_of(client_core const& core) noexcept;

/// Copies the report to where the caller wants it.
void hand_over(failure_report const& report, error_details* wanted);

/// Ends a call whose token takes an `error_code`.
template <class Handler>
struct coded_completion {
    template <class... T>
    void operator()(error_code code, failure_report report, handed<T>... value) {
        hand_over(report, wanted);
        if (code) return std::move(handler)(code, T{}...);
        std::move(handler)(code, std::move(*value)...);
    }

    Handler handler;
    error_details* wanted;
};

/// Begins a call: erases the handler and hands everything to the compiled part.
template <template <class> class Completion, class Start>
struct initiation {
    using executor_type = asio::any_io_executor;
    executor_type get_executor() const noexcept { return executor; }

    template <class Handler, class... Args>
    void operator()(Handler&& handler, Args&&... args) const {
        using completion_type = Completion<std::decay_t<Handler>>;
        start(completion_type{std::forward<Handler>(handler), wanted}, core,
              std::forward<Args>(args)...);
    }

    Start start;
    executor_type executor;
    std::shared_ptr<client_core> core;
    error_details* wanted;
};

/// What `co_await` gives for a call that ends in `T...`.
template <class... T>
struct awaited {
    using type = void;
};
template <class T>
struct awaited<T> {
    using type = T;
};

/// Begins the call that `start` makes when it is awaited, and throws its failure. Compiled in the
/// library, once for each kind of call: what a coroutine costs the compiler most is not paid by
/// every user again.
template <class... T, class... Args>
asio::awaitable<typename awaited<T...>::type> await_call(
    void (*start)(completion<T...>, std::shared_ptr<client_core>, Args...),
    asio::any_io_executor executor, std::shared_ptr<client_core> core, error_details* wanted,
    std::type_identity_t<Args>... args);

/// Begins the call that `start` makes, with any completion token. `start` is called with the erased
/// completion, `core` and `args`.
template <class... T, class Token, class... Args>
auto initiate(Token&& token, void (*start)(completion<T...>, std::shared_ptr<client_core>, Args...),
              std::shared_ptr<client_core> core, error_details* wanted,
              std::type_identity_t<Args>... args) {
    auto executor = executor_of(*core);
    if constexpr (std::is_same_v<std::decay_t<Token>, throwing_t>) {
        return await_call(start, std::move(executor), std::move(core), wanted, std::move(args)...);
    } else {
        return asio::async_initiate<Token, void(error_code, T...)>(
            initiation<coded_completion, decltype(start)>{start, std::move(executor),
                                                          std::move(core), wanted},
            token, std::move(args)...);
    }
}

} // namespace bctrl::detail

template <template <class, class> class Associator, class Handler, class Default>
struct boost::asio::associator<Associator, bctrl::detail::coded_completion<Handler>, Default>
    : Associator<Handler, Default> {
    static auto get(bctrl::detail::coded_completion<Handler> const& h) noexcept {
        return Associator<Handler, Default>::get(h.handler);
    }
    static auto get(bctrl::detail::coded_completion<Handler> const& h, Default const& d) noexcept {
        return Associator<Handler, Default>::get(h.handler, d);
    }
};
