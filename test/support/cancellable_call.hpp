#pragma once

#include <bctrl/client.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>

#include <array>
#include <atomic>
#include <functional>
#include <string>
#include <utility>

namespace bctrl::testing {

/// The calls of a client that can be cancelled.
enum class call_kind { get, wait, cancel, send, page };

/// How a caller is told of the end of a call, and how it cancels it.
enum class token_kind {
    callback, ///< with a slot
    future,   ///< with a slot
    awaited,  ///< by a coroutine inside another one, which is cancelled
    tuple,    ///< the same, without exceptions
    raced,    ///< by a coroutine with `||`, against a timer that never rings
};

inline constexpr std::array every_call{call_kind::get, call_kind::wait, call_kind::cancel,
                                       call_kind::send, call_kind::page};
inline constexpr std::array every_token{token_kind::callback, token_kind::future,
                                        token_kind::awaited, token_kind::tuple, token_kind::raced};
inline constexpr std::array every_cancellation{boost::asio::cancellation_type::terminal,
                                               boost::asio::cancellation_type::partial,
                                               boost::asio::cancellation_type::total};

char const* name_of(call_kind which) noexcept;
char const* name_of(token_kind which) noexcept;

/// How many handlers there are, wherever they are: counts its copies.
class live_handler {
public:
    explicit live_handler(std::atomic<int>& alive) noexcept : alive_{&alive} { ++*alive_; }
    live_handler(live_handler const& other) noexcept : alive_{other.alive_} { ++*alive_; }
    live_handler& operator=(live_handler const&) = delete;
    ~live_handler() { --*alive_; }

private:
    std::atomic<int>* alive_;
};

/// One call of any kind, begun with any token, and the signal that cancels it. Outlives the call; all
/// but the constructor happens on its executor.
class cancellable_call {
public:
    /// @param alive counts the handlers that have not been destroyed
    cancellable_call(boost::asio::any_io_executor executor, std::atomic<int>& alive)
        : executor_{std::move(executor)}, alive_{alive} {}
    cancellable_call(cancellable_call const&) = delete;
    cancellable_call& operator=(cancellable_call const&) = delete;

    /// Begins it; `about` is the id of an operation or a run, or a path for `send`.
    void begin(client& with, call_kind what, token_kind how, std::string about,
               json_text body = {});

    /// The coroutines that Asio makes for `||` let the terminal type through and no other, and cannot
    /// be told to: a race is always ended by that.
    void emit(boost::asio::cancellation_type type);

    /// How often it has ended.
    int endings();
    error_code code() const noexcept { return code_; }

private:
    template <class Start>
    void begin_with(token_kind how, Start start);

    void end(error_code with) noexcept {
        code_ = with;
        ++endings_;
    }

    boost::asio::any_io_executor executor_;
    std::atomic<int>& alive_;
    boost::asio::cancellation_signal stop_;
    std::function<void()> look_into_future_;
    bool is_race_ = false;
    error_code code_;
    int endings_ = 0;
};

} // namespace bctrl::testing
