#pragma once

#include "base/clock.hpp"

#include <boost/intrusive/list.hpp>

namespace bctrl::net {

enum class dial_phase : unsigned char { resolving, connecting, tunnelling, handshaking };

/// How far the opening of one connection is, told by whoever does it. Lives in the frame of the
/// dial.
struct dial_progress
    : boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
    explicit dial_progress(steady_time now = {}) noexcept : begun{now} {}

    steady_time begun;
    dial_phase phase = dial_phase::resolving;
};

/// Dials under way, in the order in which they began. They leave by themselves.
using dial_list =
    boost::intrusive::list<dial_progress, boost::intrusive::constant_time_size<false>>;

} // namespace bctrl::net
