#pragma once

#include "base/clock.hpp"

#include <bctrl/durable.hpp>
#include <bctrl/error.hpp>
#include <bctrl/explanation.hpp>

#include <boost/intrusive/list.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace bctrl {

/// What a call is about. Lives in a frame of the call, which shows it by `showing`.
struct call_subject {
    std::string_view name; ///< for people, as in "operations.get"; refers to text that outlives it
    std::string resource_id; ///< what it is about, if it is about one thing
    lane_kind lane = lane_kind::control;
};

/// What is being done for a call just now, told by whoever does it, so that a client can be asked
/// about all that it has in flight. Lives in a frame of the call; there may be a million of them, so
/// it copies no text.
class activity {
public:
    explicit activity(steady_time begun = {}) noexcept : since_{begun} {}
    activity(activity const&) = delete;
    activity& operator=(activity const&) = delete;

    /// In front of a request: the `number`th of the call, from 1.
    void attempt(unsigned number) noexcept {
        number_ = number;
        polls_ = false;
        queued_ = 0;
    }
    /// In front of a long poll: the `number`th of the wait, from 1, asks to be held for `asked`.
    void poll(unsigned number, milliseconds asked) noexcept {
        number_ = number;
        polls_ = true;
        queued_ = 0;
        length_ = shortened(asked);
    }
    void enter(call_phase phase, steady_time now) noexcept {
        // A request that is sent again on another connection queues again.
        if (phase_ == call_phase::queued)
            queued_ = shortened(queued() + std::chrono::floor<milliseconds>(now - since_));
        phase_ = phase;
        since_ = now;
        pause_ = pause_reason::none;
    }
    /// @param length zero if it is not known
    void pause(pause_reason why, steady_time now, milliseconds length) noexcept {
        enter(call_phase::pausing, now);
        pause_ = why;
        length_ = shortened(length);
    }
    /// A fault that the call lives through. `details` may be null, if there is nothing to tell.
    void failed(error_code code, std::shared_ptr<error_details const> details,
                steady_time now) noexcept {
        // Only our own codes are lived through.
        fault_ =
            code.category() == error_category() ? static_cast<errc>(code.value()) : errc::internal;
        fault_status_ = static_cast<std::uint16_t>(details ? details->status : 0);
        failed_at_ = now;
        fault_details_ = std::move(details);
    }
    /// A wait has seen the work. What is known of faults before that is cut short, for it is much.
    void saw(durable_status status) noexcept {
        seen_ = static_cast<std::uint8_t>(status);
        fault_details_.reset();
    }
    /// At the time of a snapshot: the place in a queue, from 1.
    void take_place(std::size_t place) noexcept { place_ = static_cast<std::uint32_t>(place); }

    /// How many calls it is done for.
    unsigned calls() const noexcept { return calls_; }

    call_phase phase() const noexcept { return phase_; }
    steady_time since() const noexcept { return since_; }
    unsigned number() const noexcept { return number_; }
    bool polls() const noexcept { return polls_; }
    pause_reason why_paused() const noexcept { return pause_; }
    /// How long the pause takes or the poll asked to be held.
    milliseconds length() const noexcept { return milliseconds{length_}; }
    std::size_t place() const noexcept { return place_; }
    /// How long the request waited for connections, once it has one.
    milliseconds queued() const noexcept { return milliseconds{queued_}; }
    std::optional<durable_status> seen() const noexcept {
        if (seen_ == nothing_seen) return std::nullopt;
        return static_cast<durable_status>(seen_);
    }
    /// None: `errc{}`.
    errc fault() const noexcept { return fault_; }
    int fault_status() const noexcept { return fault_status_; }
    steady_time failed_at() const noexcept { return failed_at_; }
    error_details const* fault_details() const noexcept { return fault_details_.get(); }

private:
    friend class showing;

    static constexpr std::uint8_t nothing_seen = 0xFF;

    static std::uint32_t shortened(milliseconds length) noexcept {
        constexpr milliseconds::rep most = std::numeric_limits<std::uint32_t>::max();
        return static_cast<std::uint32_t>(std::clamp(length.count(), milliseconds::rep{0}, most));
    }

    std::shared_ptr<error_details const> fault_details_;
    steady_time since_;
    steady_time failed_at_{};
    std::uint32_t length_ = 0; ///< milliseconds
    std::uint32_t number_ = 0;
    std::uint32_t place_ = 0;
    std::uint32_t calls_ = 0;
    std::uint32_t queued_ = 0; ///< milliseconds
    errc fault_{};
    std::uint16_t fault_status_ = 0;
    std::uint8_t seen_ = nothing_seen;
    call_phase phase_ = call_phase::beginning;
    pause_reason pause_ = pause_reason::none;
    bool polls_ = false;
};

static_assert(sizeof(activity) <= 64, "there is one for every parked wait");

/// A call in flight, as its client lists it. Lives in the frame of the call.
class listed_call : public boost::intrusive::list_base_hook<
                        boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
    explicit listed_call(steady_time begun = {}) noexcept : begun_{begun} {}
    listed_call(listed_call const&) = delete;
    listed_call& operator=(listed_call const&) = delete;

    steady_time begun() const noexcept { return begun_; }
    /// What it is about; null before it has begun, and when it is about to tell its caller.
    call_subject const* subject() const noexcept { return subject_; }
    /// The caller's deadline; the end of time if there is none.
    steady_time deadline() const noexcept { return deadline_; }
    /// @pre it has a subject
    activity const& doing() const noexcept { return *doing_; }

private:
    friend class showing;

    call_subject const* subject_ = nullptr;
    activity* doing_ = nullptr;
    steady_time begun_;
    steady_time deadline_ = steady_time::max();
};

static_assert(sizeof(listed_call) <= 48, "there is one for every parked wait");

/// Shows what a call is about, until when it may last, and what is done for it, while this lives.
class showing {
public:
    /// @param doing may be done for several calls
    showing(listed_call& call, call_subject const& subject, steady_time deadline,
            activity& doing) noexcept
        : call_{call} {
        call.subject_ = &subject;
        call.deadline_ = deadline;
        call.doing_ = &doing;
        ++doing.calls_;
    }
    showing(showing const&) = delete;
    showing& operator=(showing const&) = delete;
    ~showing() {
        call_.subject_ = nullptr;
        --call_.doing_->calls_;
    }

private:
    listed_call& call_;
};

/// The calls in flight of one client, in the order in which they began. They leave by themselves.
using call_list = boost::intrusive::list<listed_call, boost::intrusive::constant_time_size<false>>;

} // namespace bctrl
