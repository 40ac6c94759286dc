#pragma once

#include "base/clock.hpp"

namespace bctrl::http2 {

/// When streams may be reset. Since the attacks by rapid reset (CVE-2023-44487) servers end
/// connections that reset many streams: those on nghttp2 after 1,000 together or 33 a second for
/// long, others after a few hundred. Knows no timer; it is told when.
class reset_pace {
public:
    explicit reset_pace(steady_time now) noexcept : used_up_to_{now - supply} {}

    /// When the next reset may be sent, in the past perhaps.
    steady_time next() const noexcept { return used_up_to_ + interval; }
    void sent(steady_time now) noexcept;

private:
    static constexpr int at_once = 200;
    static constexpr std::chrono::milliseconds interval{50};
    /// What may be kept of time's own supply of resets.
    static constexpr std::chrono::milliseconds supply = interval * at_once;

    steady_time used_up_to_;
};

} // namespace bctrl::http2
