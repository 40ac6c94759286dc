#pragma once

namespace bctrl {

/// The default completion token: the call is an `asio::awaitable` to be awaited with `co_await`; it
/// returns the value, or throws `request_error` with all details.
///
/// To bind a cancellation slot, or for `as_tuple`, `use_future` and callbacks, pass Asio's own
/// tokens: `bind_cancellation_slot(slot, use_awaitable)`. They see the `error_code`, and the
/// details through the options' member `details`.
struct throwing_t {};

/// @copydoc throwing_t
inline constexpr throwing_t throwing{};

} // namespace bctrl
