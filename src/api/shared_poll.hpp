#pragma once

#include "api/poll_places.hpp"
#include "base/activity.hpp"
#include "base/optional_time.hpp"
#include "base/parking.hpp"
#include "base/task_scope.hpp"
#include "rpc/call.hpp"
#include "wait/crowd.hpp"
#include "wait/wait_plan.hpp"

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/set.hpp>

#include <compare>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace bctrl {

class shared_poll;
class wait_desk;

/// What waits are for. The id comes first: it tells nearly all of them apart.
struct name_of_work {
    std::string_view id;
    std::string_view kind;

    friend auto operator<=>(name_of_work const&, name_of_work const&) = default;
};

/// One wait's place at the poll that it shares. Ends by itself when its time is up, or when contact
/// has been lost for too long. Lives in the frame of the wait.
class waiter final : public boost::intrusive::list_base_hook<
                         boost::intrusive::link_mode<boost::intrusive::auto_unlink>>,
                     private deadline {
public:
    /// @param until the caller's deadline; the end of time if there is none
    waiter(shared_poll& at, steady_time until, stop_signal& stop);
    ~waiter();

    /// Awaited until the poll has brought an end, the wait's own time is up, or it was stopped.
    parking& place() noexcept { return place_; }

    /// Why it was stopped, or `none`.
    stop_reason stopped() const noexcept { return place_.stopped(); }
    /// When it ends by itself.
    steady_time end() const noexcept;
    bool has_deadline() const noexcept { return until_ != steady_time::max(); }
    steady_time joined() const noexcept { return joined_; }
    /// It has ended by itself.
    bool is_over() const noexcept { return over_; }
    /// What of the counts of the poll was before its time.
    unsigned polls_before() const noexcept { return polls_before_; }
    unsigned faults_before() const noexcept { return faults_before_; }

    /// Its end may have moved.
    void set_alarm();

private:
    void expired() noexcept override;

    shared_poll& poll_;
    steady_time until_;
    steady_time joined_;
    parking place_;
    unsigned polls_before_;
    unsigned faults_before_;
    bool over_ = false;
};

/// The polls on one piece of durable work, and who waits for them: everything about them that does
/// not depend on the kind of work. Begins with its first waiter and ends with its last, or with the
/// work.
class shared_poll : public std::enable_shared_from_this<shared_poll>,
                    public boost::intrusive::set_base_hook<
                        boost::intrusive::link_mode<boost::intrusive::auto_unlink>,
                        boost::intrusive::optimize_size<true>> {
public:
    /// @param what the call that waits; its name tells the kind of work
    /// @param own_terms null: those of the client
    shared_poll(wait_desk& desk, rpc::call what, bool open,
                std::unique_ptr<wait_terms const> own_terms);
    shared_poll(shared_poll const&) = delete;
    shared_poll& operator=(shared_poll const&) = delete;
    virtual ~shared_poll();

    std::string_view kind() const noexcept { return call_.name; }
    std::string const& id() const noexcept { return call_.resource_id; }
    name_of_work work() const noexcept { return {id(), kind()}; }
    /// Any wait without terms of its own may join.
    bool is_open() const noexcept { return open_; }
    std::size_t waiters() const noexcept { return waiting_; }
    call_subject const& subject() const noexcept { return call_; }
    /// What it is doing just now.
    activity& told() noexcept { return told_; }
    wait_terms const& terms() const noexcept;
    scheduler& runs_on() const noexcept;
    wait_desk& desk() const noexcept { return desk_; }

    steady_time last_contact() const noexcept { return last_contact_; }
    /// It has nothing to do but to wait for a place among the polls in flight.
    bool queues() const noexcept { return queued_since_.has_value(); }
    unsigned polls() const noexcept { return polls_; }
    unsigned faults() const noexcept { return faults_; }
    unsigned most_waiters() const noexcept { return most_waiting_; }
    /// Of its last answer; empty if the server told none.
    std::string request_id() const { return request_id_ ? *request_id_ : std::string{}; }
    /// How old the last state is that was seen, if one was.
    std::optional<milliseconds> age_of_last() const noexcept;
    /// The last passing fault, whenever it was; success if there was none.
    error_code last_fault_code() const noexcept;
    /// When the poll in flight should have been answered. What it queues for a connection is none of
    /// its time: nobody was asked yet.
    /// @pre one is in flight
    steady_time latest_answer() const noexcept;
    /// What the last poll failed of; null if it was answered.
    rpc::call_failure const* last_fault() const noexcept { return last_fault_.get(); }

    /// By work; of those on the same work that which is open comes first.
    friend bool operator<(shared_poll const& a, shared_poll const& b) noexcept {
        auto const order = a.work() <=> b.work();
        return order == 0 ? a.open_ && !b.open_ : order < 0;
    }

    /// Begins to poll, if that was not done yet; kept alive meanwhile.
    void begin();

protected:
    struct poll_begun {
        steady_time at;
        milliseconds slice;
        bool long_poll; ///< false: the state is only read
        bool looked;    ///< it is only read because works outnumber connections
    };
    struct poll_made : poll_begun {
        milliseconds held; ///< from its beginning to its end
    };
    /// What follows an answer that is no end.
    milliseconds seen_unended(poll_made const& made, durable_status status);
    /// What follows a fault; nothing if it ends the polls.
    std::optional<milliseconds> met_fault(poll_made const& made, rpc::call_failure const& failed);
    /// Lets everybody who waits look for what has come.
    void wake_all() noexcept;

    wait_desk& desk_;
    rpc::call call_;

private:
    friend class waiter;

    virtual bool has_ended() const noexcept = 0;
    /// Takes in what a poll has brought; returns how long to pause.
    virtual milliseconds take(poll_made const& made, rpc::call_outcome<wire_response> answer) = 0;
    /// The polls have died of an exception.
    virtual void end_with(rpc::call_failure why) = 0;
    /// The target of a long poll, or of a reading of the state.
    virtual std::string target(bool long_poll) const = 0;

    root_task run(std::shared_ptr<shared_poll> self);
    /// To poll now.
    struct chance {
        [[no_unique_address]] poll_place place;
        bool seen; ///< just before it queued
    };
    /// Nothing if everything is to be decided anew.
    task<std::optional<chance>> chance_to_poll(stop_signal& interrupt);
    poll_begun begin_poll(chance& with);
    milliseconds end_poll(chance& with, poll_begun const& begun, exchange_outcome answer);
    void keep_request_id(std::string id);
    task<> nobody_waits(stop_signal& interrupt);
    task<> pause(milliseconds length, stop_signal& interrupt);
    void join(waiter& one);
    void leave(waiter& one) noexcept;
    void interrupt(stop_reason why) noexcept;
    poll_bounds bounds(steady_time now, milliseconds most);
    steady_time latest_end() const noexcept;
    bool too_late_to_poll(steady_time now) const noexcept;
    bool seen_just_now() const noexcept;
    look way_to_look(bool seen) const noexcept;
    milliseconds pause_after_look(milliseconds held, bool first);
    task<bool> turn_comes(stop_signal& interrupt);
    task<std::optional<poll_place>> place_comes(bool seen, stop_signal& interrupt);
    void leave_queue();
    void use_method(bool long_poll, milliseconds slice);

    std::unique_ptr<wait_terms const> own_terms_;
    wait_plan plan_;
    boost::intrusive::list<waiter, boost::intrusive::constant_time_size<false>> waiters_;
    /// One turn of the loop ends early when this is given: nobody waits any more, or somebody
    /// cannot wait so long.
    std::optional<stop_signal> interrupt_;
    activity told_;
    optional_time asked_until_; ///< a poll is in flight, and answered then
    optional_time queued_since_;
    steady_time last_contact_;
    optional_time seen_at_;
    std::unique_ptr<rpc::call_failure const> last_fault_;
    std::unique_ptr<std::string const> request_id_; ///< most have none as long as they are held
    std::size_t waiting_ = 0;
    unsigned most_waiting_ = 0;
    unsigned polls_ = 0;
    unsigned faults_ = 0;
    bool open_;
    bool begun_ = false;
    bool resting_ = false; ///< nobody waits for long enough to poll again
};

} // namespace bctrl
