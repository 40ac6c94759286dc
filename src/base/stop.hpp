#pragma once

#include <bctrl/error.hpp>

#include <boost/intrusive/list.hpp>

namespace bctrl {

/// Why something was told to stop.
enum class stop_reason : unsigned char {
    none,
    cancelled, ///< the caller cancelled the call
    deadline,  ///< the call's time is up
    closed,    ///< the client is closing
    timeout,   ///< one attempt took too long; the call may go on
};

/// The error that a call stopped for `reason` ends with.
error_code stop_error(stop_reason reason) noexcept;

class stop_listener;
class stop_signal;

namespace detail {
using stop_listener_hook =
    boost::intrusive::list_base_hook<boost::intrusive::tag<stop_listener>,
                                     boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;
} // namespace detail

/// Something that wants to know when a `stop_signal` is given: an awaiter, or a nested signal.
/// Leaves the signal's list by itself when destroyed.
class stop_listener : public detail::stop_listener_hook {
public:
    stop_listener() = default;
    stop_listener(stop_listener const&) = delete;
    stop_listener& operator=(stop_listener const&) = delete;

    /// Called at most once for each `listen`, on the client's strand. Must not resume a coroutine
    /// directly: the frame that owns the signal may be the one that would end.
    virtual void stop_requested(stop_reason reason) noexcept = 0;

protected:
    ~stop_listener() = default;

    void stop_listening() noexcept {
        if (is_linked()) unlink();
    }
};

/// Tells everything under one call (or one attempt, or the whole client) to stop. Used on the
/// client's strand only, hence without any lock. The first reason given stays.
class stop_signal final : private stop_listener {
public:
    stop_signal() = default;
    /// A nested signal: it is given when `parent` is, with the parent's reason.
    explicit stop_signal(stop_signal& parent) noexcept;

    stop_reason reason() const noexcept { return reason_; }
    bool requested() const noexcept { return reason_ != stop_reason::none; }

    void request(stop_reason reason) noexcept;

    /// @pre `!requested()`
    void listen(stop_listener& listener) noexcept { listeners_.push_back(listener); }

private:
    void stop_requested(stop_reason reason) noexcept override { request(reason); }

    boost::intrusive::list<stop_listener, boost::intrusive::base_hook<detail::stop_listener_hook>,
                           boost::intrusive::constant_time_size<false>>
        listeners_;
    stop_reason reason_ = stop_reason::none;
};

} // namespace bctrl
