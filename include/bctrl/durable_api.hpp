#pragma once

#include <bctrl/call_options.hpp>
#include <bctrl/detail/initiate.hpp>
#include <bctrl/durable_watch.hpp>

#include <concepts>
#include <memory>
#include <string>
#include <utility>

namespace bctrl {

/// The calls on one kind of durable work. A cheap handle; may outlive its client, whose end it notices.
///
/// `/v1/…` below stands for `/v1/operations` or `/v1/invocations`. Common to all calls:
/// @par Completion  `void(error_code, T)`. By default the call is awaited and throws `request_error`.
/// @par Errors  Every `errc`, by what befalls the call; `errc::invalid_argument` for an empty id.
/// @par Per-operation cancellation  terminal, partial and total each end the call at once with
///      `operation_aborted`, in every phase. Nothing is undone on the server.
/// @par Thread safety  Safe from any thread; the cancellation slot of a token is used by one thread at
///      a time.
template <class Resource, class WaitResult>
class durable_api {
public:
    /// The present state: `GET /v1/…/{id}`.
    template <class Token = throwing_t>
    auto get(std::string id, call_options options = {}, Token&& token = {}) const {
        return detail::initiate(std::forward<Token>(token), &start_get, core_, options.details,
                                std::move(id), options);
    }
    template <class Token>
    requires(!std::convertible_to<Token, call_options>) auto get(std::string id,
                                                                 Token&& token) const {
        return get(std::move(id), call_options{}, std::forward<Token>(token));
    }

    /// Waits until the work has ended: as many `POST /v1/…/{id}/wait` as it takes, through every
    /// passing fault. Waiting changes nothing on the server, and neither does ceasing to wait, unless
    /// `options.on_abandon` promises it. Waits of the client on the same work share their polls. Where the
    /// server has no long poll the state is read with `GET /v1/…/{id}` from time to time.
    /// @returns the ended work; or, when `options.within` has passed, the last state seen with
    ///          `timed_out_waiting` set
    /// @par Errors  `errc::lost_contact` if no poll was answered for `wait_policy::lost_contact_after`;
    ///      the details hold the last state seen. `errc::deadline_exceeded` if `options.within` passed
    ///      before any state was seen. The details of every error hold the last state seen and its age.
    /// @par Per-operation cancellation  Ends this wait only; with the last wait on the work its poll ends,
    ///      over HTTP/1.1 by closing its connection.
    template <class Token = throwing_t>
    auto wait(std::string id, wait_options options = {}, Token&& token = {}) const {
        return detail::initiate(std::forward<Token>(token), &start_wait, core_, options.details,
                                std::move(id), options);
    }
    template <class Token>
    requires(!std::convertible_to<Token, wait_options>) auto wait(std::string id,
                                                                  Token&& token) const {
        return wait(std::move(id), wait_options{}, std::forward<Token>(token));
    }

    /// Watches the work: `durable_watch::next` tells each change. Begins no request.
    durable_watch<Resource> watch(std::string id, watch_options options = {}) const {
        using watch_type = durable_watch<Resource>;
        return {core_, watch_type::make_work(std::move(id), options), options.details};
    }

    /// Asks the server to cancel: `POST /v1/…/{id}/cancel`. The work may still end otherwise; wait for
    /// it to know.
    /// @returns the work as the request left it
    template <class Token = throwing_t>
    auto cancel(std::string id, call_options options = {}, Token&& token = {}) const {
        return detail::initiate(std::forward<Token>(token), &start_cancel, core_, options.details,
                                std::move(id), options);
    }
    template <class Token>
    requires(!std::convertible_to<Token, call_options>) auto cancel(std::string id,
                                                                    Token&& token) const {
        return cancel(std::move(id), call_options{}, std::forward<Token>(token));
    }

private:
    friend class client;
    durable_api(std::shared_ptr<detail::client_core> core) noexcept : core_{std::move(core)} {}

    using core_pointer = std::shared_ptr<detail::client_core>;
    static void start_get(detail::completion<Resource>, core_pointer, std::string, call_options);
    static void start_wait(detail::completion<WaitResult>, core_pointer, std::string, wait_options);
    static void start_cancel(detail::completion<Resource>, core_pointer, std::string, call_options);

    core_pointer core_;
};

} // namespace bctrl
