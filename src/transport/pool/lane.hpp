#pragma once

#include "base/activity.hpp"
#include "base/outcome.hpp"
#include "base/parking.hpp"
#include "base/task_scope.hpp"
#include "transport/message.hpp"
#include "transport/pool/connection.hpp"
#include "transport/pool/dial_gate.hpp"
#include "transport/pool/dialler.hpp"
#include "transport/pool/lane_plan.hpp"
#include "transport/pool/stream_memory.hpp"

#include <boost/intrusive/list.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace bctrl::pool {

struct lane_settings {
    lane_limits limits;
    std::chrono::milliseconds
        connect_timeout; ///< resolving, connecting, the proxy and the TLS handshake together
    std::chrono::milliseconds idle_timeout;
    std::chrono::milliseconds
        maximum_age; ///< shortened by up to a tenth, so that not all end at once
    /// How long a call may wait for a connection.
    std::chrono::milliseconds queue_timeout = std::chrono::milliseconds::max();
};

class lane;

/// The right to use a connection for one exchange. Gives it back when destroyed: closed, unless
/// `keep_open()` was said.
class lease {
public:
    lease(lane& from, slot_id slot) noexcept
        : lane_{&from}, slot_{static_cast<std::uint32_t>(slot)} {}
    lease(lease&& other) noexcept
        : lane_{std::exchange(other.lane_, nullptr)}, slot_{other.slot_}, keep_{other.keep_} {}
    lease& operator=(lease&&) = delete;
    ~lease();

    connection& held() noexcept;
    void keep_open() noexcept { keep_ = true; }
    /// The connection gives its place back itself.
    void leave_held() noexcept { lane_ = nullptr; }

private:
    lane* lane_;
    std::uint32_t slot_; ///< a `slot_id`, in half the room: there is a lease in every parked wait
    bool keep_ = false;
};

/// The connections of one lane: hands them out in the order of asking, dials more while more are
/// asked for than are free and the limits allow. A dial belongs to the lane: it serves whoever
/// waits then.
class lane final : public connection_owner, private dial_listener, private deadline {
public:
    /// @param by      dials; `gate` tells when it may
    /// @param streams what is known of the connections to the origin
    lane(scheduler& runs_on, lane_kind which, dialler& by, dial_gate& gate, stream_memory& streams,
         lane_settings const& settings);

    /// @returns a lease, or `queue_full`, `queue_timeout`, or why no connection could be opened, or what the stop
    /// asks for
    /// @param told is told its place in the queue by `explain`
    task<outcome<lease, failure>> acquire(stop_signal& stop, activity& told);

    /// A connection that had been idle since `idle_since` was dead. Closes those that have been idle
    /// for as long or longer: what ended the one, a server's restart perhaps, has ended them too.
    void distrust(steady_time idle_since) noexcept;

    /// Closes what is idle, gives up dials; nothing is opened any more.
    void close() noexcept;

    /// Exchanges that its connections carry at a time at the most: those that it may have, or those
    /// that it has while there are no descriptors for more. Nothing while it is not known how many
    /// one carries.
    std::optional<std::size_t> capacity() const noexcept;
    /// Connections open or being opened.
    std::size_t connections() const noexcept { return plan_.connections(); }
    /// Wakes `place` when there is none left, and forgets it then.
    void wake_when_empty(parking& place) { awaiting_empty_.push_back(&place); }

    /// What the lane is doing just now. Tells those who wait for a connection their places.
    lane_explanation explain() const;

    void shut_down() noexcept;

private:
    friend class lease;

    using queue_hook = boost::intrusive::list_base_hook<
        boost::intrusive::tag<lane>, boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

    /// A call that waits for a connection.
    struct waiter : queue_hook, deadline {
        waiter(lane& waited_for, stop_signal& stop, activity& call) noexcept
            : of{waited_for},
              place{waited_for.scheduler_, stop},
              told{call},
              ticket{waited_for.next_ticket_++} {}
        ~waiter() { leave(); }
        bool queued() const noexcept { return queue_hook::is_linked(); }
        void enter() noexcept {
            of.waiters_.push_back(*this);
            ++of.waiting_;
        }
        void leave() noexcept {
            if (!queued()) return;
            queue_hook::unlink();
            --of.waiting_;
        }

        lane& of;
        parking place;
        activity& told;
        std::uint64_t ticket;
        std::optional<lease> got;
        std::unique_ptr<failure> refused; ///< few are

    private:
        /// It has waited for too long.
        void expired() noexcept override { place.wake(); }
    };

    struct failed_dial {
        failure why;
        steady_time at;
    };

    void give_back(slot_id slot, bool reusable) noexcept;
    void idle_ended(slot_id slot) noexcept override;
    void changed(slot_id slot) noexcept override;
    bool take_given_back(slot_id slot);
    void begin_idle(slot_id slot);
    void drop(slot_id slot) noexcept;
    std::optional<slot_id> take_usable();
    void serve_waiters();
    void fail_oldest(failure const& why);
    failure queued_too_long() const;
    void tell_of_failed_dial(dial_news whom, std::uint64_t before, failure const& why);
    void dial_if_wanted();
    bool begin_dial();
    void may_dial() noexcept override { dial_if_wanted(); }
    /// The rest after the last descriptor was taken is over.
    void expired() noexcept override { dial_if_wanted(); }
    bool resting() const noexcept { return armed(); }
    void rest();
    /// @param before the first ticket that nobody had yet when the dial began
    task<> dial(slot_id slot, std::uint64_t before);
    void dialled(slot_id slot, std::unique_ptr<connection> made);
    void dial_failed(slot_id slot, std::uint64_t before, failure const& why);
    void notify_if_empty() noexcept;
    void explain_dials(lane_explanation& seen) const;
    task<outcome<std::unique_ptr<connection>, failure>> open(stop_signal& stop);
    lease hand_out(slot_id slot);

    scheduler& scheduler_;
    lane_kind which_;
    dialler& dialler_;
    dial_gate& gate_;
    stream_memory& streams_;
    lane_settings settings_;
    lane_plan plan_;
    stop_signal dials_stop_;
    std::vector<std::unique_ptr<connection>> connections_; ///< by slot
    boost::intrusive::list<waiter, boost::intrusive::base_hook<queue_hook>,
                           boost::intrusive::constant_time_size<false>>
        waiters_;
    std::size_t waiting_ = 0;
    std::uint64_t next_ticket_ = 0;
    net::dial_list dialling_;
    std::optional<failed_dial> last_failed_dial_;
    std::vector<parking*> awaiting_empty_;
    bool closing_ = false;
    task_scope dials_;
};

} // namespace bctrl::pool
