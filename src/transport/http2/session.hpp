#pragma once

#include "base/activity.hpp"
#include "base/deadline_queue.hpp"
#include "base/parking.hpp"
#include "base/scheduler.hpp"
#include "base/task.hpp"
#include "transport/carried.hpp"
#include "transport/http2/engine.hpp"
#include "transport/http2/heartbeat.hpp"
#include "transport/http2/open_exchange.hpp"
#include "transport/http2/request_head.hpp"
#include "transport/http2/reset_pace.hpp"
#include "transport/net/stream.hpp"

#include <boost/intrusive/list.hpp>

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace bctrl::http2 {

/// Hears of a session what matters to who hands out its streams.
class session_listener {
public:
    /// Another number of streams may be open, some that were abandoned are closed, or it takes no
    /// more. Told at the bottom of a turn: the session may be destroyed from within.
    virtual void session_changed() noexcept = 0;

protected:
    ~session_listener() = default;
};

/// One HTTP/2 connection and the exchanges on it. Whoever opens streams sees to it that they are no
/// more than `streams_allowed`. Used on the client's strand.
class session final : private engine_listener, private deadline, private turn_end {
public:
    /// @param scratch where bytes are read into; used between two suspensions only, so one serves
    ///                all
    session(std::unique_ptr<net::stream> open, exchange_limits const& limits,
            std::span<char> scratch);
    /// Says goodbye if it can do so without waiting.
    ~session();

    /// Says hello, and waits until the server has told how many streams it allows.
    task<outcome<void, failure>> settle(stop_signal& stop);
    void tell(session_listener& listener) noexcept { listener_ = &listener; }

    /// One exchange on a stream of its own. Stopped, it ends at once; the stream is reset behind it,
    /// at a pace that the server bears, and its place is held until then.
    /// @param request outlives it
    /// @param head    of the origin's requests
    /// @param told    is kept up to date with how far the exchange is
    task<carried> exchange(wire_request const& request, request_head& head, stop_signal& stop,
                           activity& told);

    /// Whether streams may be opened.
    bool takes_more() const noexcept { return !over_ && !draining_; }
    std::size_t streams_allowed() const noexcept { return engine_.streams_allowed(); }
    /// How many abandoned streams have been closed since this was asked last.
    std::size_t take_closed() noexcept { return std::exchange(closed_, 0); }

private:
    struct readable final : net::readiness_listener {
        explicit readable(session& by) noexcept : of{by} {}
        void ready() noexcept override { of.read(); }
        session& of;
    };
    struct writable final : net::readiness_listener {
        explicit writable(session& by) noexcept : of{by} {}
        void ready() noexcept override;
        session& of;
    };

    // engine_listener
    void settings_came() override;
    void going_away(reset_code why, stream_id last, std::string_view text) override;

    void expired() noexcept override;
    void turn_ended() noexcept override;

    void read() noexcept;
    void take_what_came();
    void flush();
    bool write_unsent();
    void end(failure why);
    failure end_of_engine() const;
    template <class Work>
    void with_memory(Work work) noexcept;
    void refuse_unopened();
    void report();

    bool open(open_exchange& one, std::span<field const> head);
    exchange_progress progress_of(open_exchange const& of) const noexcept;
    carried result_of(open_exchange& ended, stop_signal const& stop);
    carried closed_early(open_exchange const& ended) const;
    carried leave(open_exchange& left, stop_signal const& stop);
    void send_resets();
    void look_after_peer();
    void set_alarm();
    void set_alarm_at(steady_time when);

    scheduler& scheduler_;
    std::unique_ptr<net::stream> stream_;
    std::size_t body_limit_;
    std::span<char> scratch_;
    engine engine_;
    readable reads_{*this};
    writable writes_{*this};
    session_listener* listener_ = nullptr;
    parking* settling_ = nullptr;
    boost::intrusive::list<open_exchange, boost::intrusive::constant_time_size<false>> exchanges_;
    std::deque<stream_id> abandoned_; ///< open still, and to be reset
    std::size_t closed_ = 0;
    std::string unsent_; ///< taken from the engine, and written up to `written_`
    std::size_t written_ = 0;
    heartbeat heartbeat_;
    reset_pace pace_;
    std::optional<failure> over_;
    std::string farewell_;     ///< what the server said when it went away
    stream_id last_taken_ = 0; ///< as the server said when it went away
    bool draining_ = false;
    bool write_waits_ = false;
    bool allows_fewer_ = false; ///< perhaps: the server has said something new of what it takes
    bool changed_ = false;
};

} // namespace bctrl::http2
