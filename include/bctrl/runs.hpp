#pragma once

#include <bctrl/call_options.hpp>
#include <bctrl/command_page.hpp>
#include <bctrl/detail/initiate.hpp>

#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace bctrl {

namespace detail {
struct pager_state;
}

/// Reads the commands of a run one after the other, page by page: the next page is asked for when
/// the last command of the one before has been taken, not earlier.
///
///     auto pager = client.runs().all_commands(run_id);
///     while (auto command = co_await pager.next()) …
///
/// An empty page that names another is not the end. A page that names one read before would never
/// end: that is `errc::cursor_repeated`.
/// @par Thread safety  One `next` at a time.
class command_pager {
public:
    /// The other may only be destroyed or assigned to afterwards.
    command_pager(command_pager&&) noexcept;
    command_pager& operator=(command_pager&&) noexcept;
    ~command_pager();

    /// The next command, or nothing after the last one: `GET /v1/runs/{id}/commands`. After an
    /// error the same page can be asked for again.
    /// @par Completion  `void(error_code, std::optional<command>)`
    /// @par Per-operation cancellation  terminal, partial and total end the call with
    /// `operation_aborted`;
    ///      no command is lost.
    template <class Token = throwing_t>
    auto next(call_options options = {}, Token&& token = {}) {
        return detail::initiate(std::forward<Token>(token), &start_next, core_, options.details,
                                state_, options);
    }
    template <class Token>
    requires(!std::convertible_to<Token, call_options>) auto next(Token&& token) {
        return next(call_options{}, std::forward<Token>(token));
    }

private:
    friend class runs_api;
    using core_pointer = std::shared_ptr<detail::client_core>;
    using state_pointer = std::shared_ptr<detail::pager_state>;
    command_pager(core_pointer core, state_pointer state);

    static void start_next(detail::completion<std::optional<command>>, core_pointer, state_pointer,
                           call_options);

    core_pointer core_;
    state_pointer state_;
};

/// The calls on runs: `client::runs()`. A cheap handle; may outlive its client, whose end it
/// notices.
///
/// Common to all calls:
/// @par Errors  Every `errc`, by what befalls the call; `errc::invalid_argument` for an empty id.
/// @par Per-operation cancellation  terminal, partial and total each end the call at once with
///      `operation_aborted`, in every phase.
/// @par Thread safety  Safe from any thread; a token's cancellation slot is used by one thread at a
/// time.
class runs_api {
public:
    /// One page of the commands of a run: `GET /v1/runs/{id}/commands`.
    /// @par Completion  `void(error_code, command_page)`
    template <class Token = throwing_t>
    auto commands(std::string run_id, commands_query query = {}, call_options options = {},
                  Token&& token = {}) const {
        return detail::initiate(std::forward<Token>(token), &start_commands, core_, options.details,
                                std::move(run_id), std::move(query), options);
    }
    template <class Token>
    requires(!std::convertible_to<Token, call_options>) auto commands(std::string run_id,
                                                                      commands_query query,
                                                                      Token&& token) const {
        return commands(std::move(run_id), std::move(query), call_options{},
                        std::forward<Token>(token));
    }

    /// All commands of a run from the page on that `query` names; begins no request.
    command_pager all_commands(std::string run_id, commands_query query = {}) const;

private:
    friend class client;
    runs_api(std::shared_ptr<detail::client_core> core) noexcept : core_{std::move(core)} {}

    using core_pointer = std::shared_ptr<detail::client_core>;
    static void start_commands(detail::completion<command_page>, core_pointer, std::string,
                               commands_query, call_options);

    core_pointer core_;
};

} // namespace bctrl
