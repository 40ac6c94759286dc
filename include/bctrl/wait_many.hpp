#pragma once

#include <bctrl/call_options.hpp>
#include <bctrl/client.hpp>
#include <bctrl/detail/initiate.hpp>
#include <bctrl/ended_work.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

/// @file
/// Waiting for some of many works in one call. To add works while waiting, or to hear of each ending
/// as it comes, use `wait_set`.
///
///     auto first = co_await bctrl::wait_any(client, bctrl::works_of(kind, ids), {.within = 5min});
///
/// Common to all of these calls:
/// - A work that is named several times counts once.
/// - A wait that fails is an ending, of `ended_work::error`, and counts like any other.
/// - Every wait shares the polls of other waits of the client for the same work, unless it brings a
///   policy of its own.
/// @par Completion  `void(error_code, waited_works)`. By default the call is awaited and throws
///      `request_error`.
/// @par Errors  `errc::client_closed`, `errc::out_of_memory`. That time ran out is none.
/// @par Per-operation cancellation  terminal, partial and total end the call and all of its waits with
///      `operation_aborted`; `wait_many_options::on_abandon` tells what becomes of the works.
/// @par Thread safety  Safe from any thread; a token's cancellation slot is used by one thread at a time.

namespace bctrl {

/// What a wait for many works may do differently from its client's configuration.
struct wait_many_options {
    /// How long to wait from now, for all together. When it has passed the call completes with what has
    /// ended. Not set: until enough have ended.
    std::optional<std::chrono::milliseconds> within{};
    /// How to wait for each. Not set: `client_config::wait`.
    std::optional<wait_policy> policy{};
    /// What becomes of the works that are not waited for any more, because enough others have ended or
    /// because the caller cancelled the call. Those that time ran out for are left alone.
    abandonment on_abandon = abandonment::leave;
    /// Filled when the call fails, before it completes; must live until then.
    error_details* details = nullptr;
};

/// What has become of many works that were waited for together.
struct waited_works {
    std::vector<ended_work> ended; ///< in the order in which they ended
    std::vector<work_id> open;     ///< those that were not waited for any more, in no order
};

namespace detail {

struct asked_works {
    std::vector<work_id> works;
    std::size_t count;
    wait_many_options options;
};

void start_wait_many(completion<waited_works>, std::shared_ptr<client_core>,
                     std::shared_ptr<asked_works>);

std::shared_ptr<client_core> const& core_of(client const& of) noexcept;

} // namespace detail

/// Waits until `count` of the works have ended, or all if they are fewer.
template <class Token = throwing_t>
auto wait_some(client const& on, std::size_t count, std::vector<work_id> works,
               wait_many_options options = {}, Token&& token = {}) {
    auto asked = std::make_shared<detail::asked_works>(
        detail::asked_works{std::move(works), count, options});
    return detail::initiate(std::forward<Token>(token), &detail::start_wait_many,
                            detail::core_of(on), options.details, std::move(asked));
}
template <class Token>
requires(!std::convertible_to<Token, wait_many_options>) auto wait_some(client const& on,
                                                                        std::size_t count,
                                                                        std::vector<work_id> works,
                                                                        Token&& token) {
    return wait_some(on, count, std::move(works), wait_many_options{}, std::forward<Token>(token));
}

/// Waits until the first of the works has ended.
template <class Token = throwing_t>
auto wait_any(client const& on, std::vector<work_id> works, wait_many_options options = {},
              Token&& token = {}) {
    return wait_some(on, 1, std::move(works), options, std::forward<Token>(token));
}
template <class Token>
requires(!std::convertible_to<Token, wait_many_options>) auto wait_any(client const& on,
                                                                       std::vector<work_id> works,
                                                                       Token&& token) {
    return wait_any(on, std::move(works), wait_many_options{}, std::forward<Token>(token));
}

/// Waits until all of the works have ended.
template <class Token = throwing_t>
auto wait_all(client const& on, std::vector<work_id> works, wait_many_options options = {},
              Token&& token = {}) {
    return wait_some(on, std::numeric_limits<std::size_t>::max(), std::move(works), options,
                     std::forward<Token>(token));
}
template <class Token>
requires(!std::convertible_to<Token, wait_many_options>) auto wait_all(client const& on,
                                                                       std::vector<work_id> works,
                                                                       Token&& token) {
    return wait_all(on, std::move(works), wait_many_options{}, std::forward<Token>(token));
}

} // namespace bctrl
