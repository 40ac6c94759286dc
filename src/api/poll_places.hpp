#pragma once

#include "base/activity.hpp"
#include "base/parking.hpp"
#include "transport/transport.hpp"

#include <boost/intrusive/list.hpp>

#include <cstddef>
#include <optional>
#include <utility>

namespace bctrl {

class poll_places;

/// The right to have one poll in flight. Gives it back when destroyed.
class poll_place {
public:
    explicit poll_place(poll_places& from) noexcept : from_{&from} {}
    poll_place(poll_place&& other) noexcept
        : from_{std::exchange(other.from_, nullptr)}, settled_{other.settled_} {}
    poll_place& operator=(poll_place&&) = delete;
    ~poll_place() { give_back(); }

    void give_back() noexcept;
    /// Its poll is held for long, whoever may come meanwhile.
    void settle() noexcept;

private:
    poll_places* from_;
    bool settled_ = false;
};

/// Suspends the coroutine that awaits it until there is a place for its poll, or until the signal
/// is given.
class place_in_queue : public boost::intrusive::list_base_hook<
                           boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
    /// @param short_look it gives its place back in a moment, and so goes first
    /// @param told       is told its place in the queue by `explain`
    place_in_queue(poll_places& in, bool short_look, activity& told, stop_signal& stop);
    place_in_queue(place_in_queue const&) = delete;
    place_in_queue& operator=(place_in_queue const&) = delete;
    ~place_in_queue();

    bool await_ready() const noexcept { return wakes_.await_ready(); }
    void await_suspend(std::coroutine_handle<> awaiting) noexcept {
        wakes_.await_suspend(awaiting);
    }
    /// Nothing if it was stopped before there was a place.
    std::optional<poll_place> await_resume() noexcept {
        wakes_.await_resume();
        return std::move(got_);
    }

private:
    friend class poll_places;
    poll_places& in_;
    activity& told_;
    parking wakes_;
    std::optional<poll_place> got_;
};

/// The polls that may be in flight at a time: as many as the connections for waits carry. Those for
/// which there is no room queue here, where the length of a poll is still open, and not for a
/// connection: each goes to the end of the queue behind its poll, so all take turns.
class poll_places : private deadline, private capacity_listener {
public:
    poll_places(scheduler& runs_on, transport& carrier) noexcept
        : scheduler_{runs_on}, transport_{carrier} {
        carrier.tell_of_capacity(this);
    }
    poll_places(poll_places const&) = delete;
    poll_places& operator=(poll_places const&) = delete;
    ~poll_places() { transport_.tell_of_capacity(nullptr); }

    /// A place at once, if there is one and nobody waits for it.
    std::optional<poll_place> take() noexcept;

    /// How many polls may be in flight. As long as it is not known what a connection carries, one:
    /// the others would only wait for the same connection, and then have decided too early.
    std::size_t capacity() const noexcept;
    /// Whether that is known.
    bool is_known() const noexcept { return transport_.capacity(lane_kind::wait).has_value(); }
    /// Places whose polls are held for long.
    std::size_t settled() const noexcept { return settled_; }
    /// Polls that wait for a place.
    /// @note Looks at each.
    std::size_t waiting() const noexcept { return short_looks_.size() + others_.size(); }
    /// Tells those who wait their places, from `first` on.
    void explain(std::size_t first) const noexcept;

private:
    friend class poll_place;
    friend class place_in_queue;
    using queue =
        boost::intrusive::list<place_in_queue, boost::intrusive::constant_time_size<false>>;

    bool is_free() const noexcept { return taken_ < capacity(); }
    bool nobody_waits() const noexcept { return short_looks_.empty() && others_.empty(); }
    void give_back() noexcept;
    void hand_out() noexcept;
    void capacity_changed() noexcept override { hand_out(); }
    void look_again();
    /// There may be room though no place was given back: connections may be opened again.
    void expired() noexcept override;
    queue& next_queue() noexcept;

    scheduler& scheduler_;
    transport& transport_;
    queue short_looks_;
    queue others_;
    std::size_t taken_ = 0;
    std::size_t settled_ = 0;
    unsigned short_looks_in_a_row_ = 0;
};

} // namespace bctrl
