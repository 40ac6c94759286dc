#pragma once

#include <bctrl/error.hpp>
#include <bctrl/throwing.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associator.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <memory>
#include <type_traits>
#include <utility>

namespace bctrl::detail {

namespace asio = boost::asio;

class client_core;

using failure_report = std::shared_ptr<error_details const>;

/// Every call ends in one of these, whatever token it was given; all behind it is compiled once.
template <class... T>
using completion = asio::any_completion_handler<void(error_code, failure_report, T...)>;

/// Makes the exception of a failed call; null if `code` is success.
std::exception_ptr as_exception(error_code code, failure_report const& report);

/// Copies the report to where the caller wants it.
void hand_over(failure_report const& report, error_details* wanted);

/// Ends a call whose token takes an `error_code`.
template <class Handler> struct coded_completion {
    template <class... T> void operator()(error_code code, failure_report report, T... value) {
        hand_over(report, wanted);
        std::move(handler)(code, std::move(value)...);
    }

    Handler handler;
    error_details* wanted;
};

/// Ends a call that throws.
template <class Handler> struct throwing_completion {
    template <class... T> void operator()(error_code code, failure_report report, T... value) {
        hand_over(report, wanted);
        std::move(handler)(as_exception(code, report), std::move(value)...);
    }

    Handler handler;
    error_details* wanted;
};

/// Begins a call: erases the handler and hands everything to the compiled part.
template <template <class> class Completion, class Start> struct initiation {
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

/// Begins the call that `start` makes, with any completion token. `start` is called with the erased
/// completion, `core` and `args`.
template <class... T, class Token, class Start, class... Args>
auto initiate(Token&& token, Start start, asio::any_io_executor executor,
              std::shared_ptr<client_core> core, error_details* wanted, Args... args) {
    if constexpr (std::is_same_v<std::decay_t<Token>, throwing_t>) {
        return asio::async_initiate<asio::use_awaitable_t<> const, void(std::exception_ptr, T...)>(
            initiation<throwing_completion, Start>{start, std::move(executor), std::move(core),
                                                   wanted},
            asio::use_awaitable, std::move(args)...);
    } else {
        return asio::async_initiate<Token, void(error_code, T...)>(
            initiation<coded_completion, Start>{start, std::move(executor), std::move(core),
                                                wanted},
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

template <template <class, class> class Associator, class Handler, class Default>
struct boost::asio::associator<Associator, bctrl::detail::throwing_completion<Handler>, Default>
    : Associator<Handler, Default> {
    static auto get(bctrl::detail::throwing_completion<Handler> const& h) noexcept {
        return Associator<Handler, Default>::get(h.handler);
    }
    static auto get(bctrl::detail::throwing_completion<Handler> const& h,
                    Default const& d) noexcept {
        return Associator<Handler, Default>::get(h.handler, d);
    }
};
