#pragma once

#include "base/clock.hpp"

#include <algorithm>
#include <optional>

namespace bctrl::http2 {

/// When a silent peer is asked whether it lives, and when it is taken for dead. Only while something
/// is expected of it. Knows no timer; it is told when.
class heartbeat {
public:
    static constexpr milliseconds most_silence{30'000}; ///< with streams open
    static constexpr milliseconds most_delay{10'000};   ///< of the answer to a ping

    explicit heartbeat(steady_time now) noexcept : heard_{now} {}

    /// Any byte is a sign of life, and answers the question.
    void heard(steady_time now) noexcept {
        heard_ = now;
        asked_.reset();
    }
    void asked(steady_time now) noexcept { asked_ = now; }
    /// Something is expected from here on: the silence before was none.
    void expects(steady_time now) noexcept { heard_ = std::max(heard_, now); }

    bool is_asking() const noexcept { return asked_.has_value(); }
    /// When to ask.
    /// @pre `!is_asking()`
    steady_time ask_at() const noexcept { return later(heard_, most_silence); }
    /// When it is dead if nothing comes until then.
    /// @pre `is_asking()`
    steady_time dead_at() const noexcept { return later(*asked_, most_delay); }

private:
    steady_time heard_;
    std::optional<steady_time> asked_;
};

} // namespace bctrl::http2
