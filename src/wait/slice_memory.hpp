#pragma once

#include "base/clock.hpp"

#include <optional>

namespace bctrl {

/// What a client has learned about how long the way to its origin lets a request be held: somewhere
/// on it may be a proxy that cuts what is silent for too long. Shared by all waits of the client;
/// knows no network and no timer.
///
/// Two cuts in a row after nearly the same time are such a proxy, unless longer polls are held
/// meanwhile; one after 60 s is enough. Once it is known polls stay at 0.8 of its time. Every ten minutes one poll tries a
/// quarter more, but not what was cut before; if it is held, all may. A poll that is cut after that
/// very time although its answer was due before shows that it was no proxy's limit.
class slice_memory {
public:
    /// How long a poll that begins now should ask to be held, if it would like `wanted`.
    milliseconds slice_for(milliseconds wanted, steady_time now) noexcept;

    /// A poll was cut after `held`: by a gateway's timeout, or by the end of its connection.
    /// @param asked  how long it asked to be held
    /// @param before after what time the poll before it was cut; nothing if it was not
    void cut(milliseconds held, milliseconds asked, std::optional<milliseconds> before,
             steady_time now) noexcept;

    /// A poll was held for all of `slice`.
    void held(milliseconds slice, steady_time now) noexcept;

    /// The longest slice that is asked for; nothing while no proxy was noticed.
    std::optional<milliseconds> learned() const noexcept { return learned_; }

private:
    bool is_held_longer(milliseconds than, steady_time now) const noexcept;
    milliseconds trial(milliseconds wanted, steady_time now) const noexcept;

    std::optional<milliseconds> learned_;
    milliseconds ceiling_{0}; ///< the shortest time after which a longer poll was cut
    steady_time ceiling_seen_{};
    steady_time next_trial_{};
    milliseconds longest_held_{0}; ///< of late
    steady_time longest_held_at_{};
};

} // namespace bctrl
