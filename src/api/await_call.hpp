#pragma once

#include <bctrl/detail/initiate.hpp>

#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <memory>
#include <utility>

namespace bctrl::detail {

/// Makes the exception of a failed call; null if `code` is success.
std::exception_ptr as_exception(error_code code, failure_report const& report);

/// Ends a call that throws.
template <class Handler>
struct throwing_completion {
    template <class... T>
    void operator()(error_code code, failure_report report, handed<T>... value) {
        hand_over(report, wanted);
        if (code) return std::move(handler)(as_exception(code, report), T{}...);
        std::move(handler)(std::exception_ptr{}, std::move(*value)...);
    }

    Handler handler;
    error_details* wanted;
};

} // namespace bctrl::detail

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

/// Defined here, for the sources that instantiate it for their calls.
template <class... T, class... Args>
boost::asio::awaitable<typename bctrl::detail::awaited<T...>::type> bctrl::detail::await_call(
    void (*start)(completion<T...>, std::shared_ptr<client_core>, Args...),
    asio::any_io_executor executor, std::shared_ptr<client_core> core, error_details* wanted,
    std::type_identity_t<Args>... args) {
    return asio::async_initiate<asio::use_awaitable_t<> const, void(std::exception_ptr, T...)>(
        initiation<throwing_completion, decltype(start)>{start, std::move(executor),
                                                         std::move(core), wanted},
        asio::use_awaitable, std::move(args)...);
}
