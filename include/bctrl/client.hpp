#pragma once

#include <bctrl/client_config.hpp>
#include <bctrl/client_stats.hpp>
#include <bctrl/explanation.hpp>
#include <bctrl/invocations.hpp>
#include <bctrl/operations.hpp>
#include <bctrl/request.hpp>
#include <bctrl/runs.hpp>

#include <chrono>
#include <concepts>
#include <memory>
#include <utility>

namespace bctrl {

namespace detail {
struct client_access;
}

/// The client of the API: the calls, and the connections that they share.
///
///     bctrl::client client{executor, bctrl::client_config::from_environment()};
///     auto done = co_await client.operations().wait(id);
///
/// A client belongs to one executor, on which all its work runs, one step at a time; completions
/// run on the executor of their own handler. For more throughput make one client for each
/// `io_context`.
///
/// Connections that are kept for later use keep `io_context::run()` from returning, for
/// `client_config::idle_timeout` at the most, until `close()`, or until the client is destroyed.
///
/// @par Lifetime  The client, its execution context and its callers may end in any order. Destroying
///      the client is `abandon()`. Calls in flight when the context is destroyed vanish with it: their
///      handlers are destroyed and not called. Another context that a handler is bound to has to
///      outlive the call, as with every operation of Asio.
/// @par Thread safety  Every member function but move and destruction is safe from any thread.
class client {
public:
    /// @param executor where the client's work runs; its context lives until the client is not used
    /// any more
    /// @par Errors  Throws request_error: `errc::invalid_configuration` (a setting that cannot be
    ///      used: URL, proxy, Unix socket, certificate files, a text that no header may carry, a
    ///      bound or time that is not positive), `errc::invalid_api_key`, `errc::insecure_origin`.
    ///      Nothing is sent or opened.
    client(boost::asio::any_io_executor executor, client_config const& config);
    /// `other` may only be destroyed or assigned to afterwards.
    client(client&& other) noexcept;
    client& operator=(client&& other) noexcept;
    ~client();

    /// Durable operations: get, wait, cancel.
    operations_api operations() const noexcept { return {core_}; }
    /// Durable invocations: get, wait, cancel.
    invocations_api invocations() const noexcept { return {core_}; }
    /// The commands of runs.
    runs_api runs() const noexcept { return {core_}; }

    /// Any other endpoint, over the same connections, with the same key, retry and errors. Sent
    /// again after a fault if the method is GET or HEAD, if the request has an idempotency key, or
    /// if the server never processed it.
    /// @par Completion  `void(error_code, response)`; a status other than 2xx is an error.
    /// @par Errors  `errc::invalid_argument` for a method, path or header that cannot be sent.
    /// @par Per-operation cancellation  terminal, partial and total end the call with
    /// `operation_aborted`.
    template <class Token = throwing_t>
    auto send(request what, call_options options = {}, Token&& token = {}) const {
        return detail::initiate(std::forward<Token>(token), &start_send, core_, options.details,
                                std::move(what), options);
    }
    template <class Token>
    requires(!std::convertible_to<Token, call_options>) auto send(request what,
                                                                  Token&& token) const {
        return send(std::move(what), call_options{}, std::forward<Token>(token));
    }

    /// Ends the client in order: no call is begun any more, those in flight may go on for
    /// `patience` and then end with `errc::client_closed`, and every connection is closed. When it
    /// completes no socket, timer or coroutine of the client is left.
    /// @param patience how long calls in flight may go on; 0 stops them at once
    /// @par Completion  `void(error_code)`
    /// @par Per-operation cancellation  terminal, partial and total end the patience, not the
    /// closing.
    template <class Token = throwing_t>
    auto close(std::chrono::milliseconds patience, Token&& token = {}) const {
        return detail::initiate(std::forward<Token>(token), &start_close, core_, nullptr, patience);
    }

    /// Ends the client without waiting: calls in flight end with `errc::client_closed` soon,
    /// connections are closed, nothing is begun any more.
    void abandon() noexcept;

    /// How much is in flight and how much was done. Never waits for anything; cheap enough to ask
    /// every second.
    client_stats stats() const noexcept;

    /// What each call in flight is doing just now and why, and the state of the connections: for
    /// logs, consoles and monitors. See `to_text` and `to_json`. It is no call itself: it makes no
    /// request, does not count, and works while the client closes and after.
    ///
    /// The snapshot is of one moment. It is taken on the client's executor, where it holds up the
    /// calls for about a microsecond for each that is in flight.
    /// @par Completion  `void(error_code, explanation)`
    /// @par Errors  `errc::out_of_memory`
    /// @par Per-operation cancellation  None: it waits for nothing.
    template <class Token = throwing_t>
    auto explain(Token&& token = {}) const {
        return detail::initiate(std::forward<Token>(token), &start_explain, core_, nullptr);
    }

    /// The executor that the client was made with; an empty one once its context is gone.
    boost::asio::any_io_executor get_executor() const noexcept {
        return detail::executor_of(*core_);
    }

private:
    friend struct detail::client_access;
    using core_pointer = std::shared_ptr<detail::client_core>;
    explicit client(core_pointer core) noexcept : core_{std::move(core)} {}

    static void start_send(detail::completion<response>, core_pointer, request, call_options);
    static void start_explain(detail::completion<explanation>, core_pointer);
    static void start_close(detail::completion<>, core_pointer, std::chrono::milliseconds);

    core_pointer core_;
};

} // namespace bctrl
