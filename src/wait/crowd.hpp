#pragma once

#include "base/clock.hpp"

#include <cstddef>

namespace bctrl {

/// How many pieces of work are polled, and how many polls the connections carry at a time.
struct crowd {
    std::size_t works = 0;
    std::size_t places = 0;
    /// Of both: those whose polls were begun when there was room, and are held for long.
    std::size_t settled = 0;
};

/// How one piece of work is to be looked at next.
struct look {
    bool held = true;                        ///< by a long poll; else its state is only read
    milliseconds most = milliseconds::max(); ///< how long the poll is held at the most
};

/// The decision about all polls of a client together when they outnumber what its connections
/// carry: they take turns, so that every piece of work is looked at once in `within`. Polls are
/// held for so long that their turns add up to it; when that is too short to be worth while states
/// are only read, which takes a place for a moment, once in `within` each.
///
/// @param seen the work was seen just now. If it was not it is read at once: somebody who comes new
///             shall not wait for the turn of a longer look.
look next_look(crowd const& now, milliseconds within, bool seen) noexcept;

} // namespace bctrl
