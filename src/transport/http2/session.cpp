#include "transport/http2/session.hpp"

#include "base/wipe.hpp"
#include "transport/content_encoding.hpp"
#include "transport/net/loss.hpp"
#include "transport/stopped_exchange.hpp"

#include <algorithm>
#include <iterator>
#include <new>
#include <utility>

namespace bctrl::http2 {

namespace {

using status = net::transfer::status;

/// Written in one piece: a few TLS records.
constexpr std::size_t most_in_one_write = std::size_t{64} * 1024;

/// A server that sends without end must not keep others from their turns.
constexpr int most_reads_in_a_turn = 16;

/// Of what a server says only what no terminal takes for a command.
std::string printable(std::string_view text) {
    constexpr std::size_t most = 200;
    std::string kept;
    std::copy_if(text.begin(),
                 text.begin() + static_cast<std::ptrdiff_t>(std::min(text.size(), most)),
                 std::back_inserter(kept), [](char c) { return c >= ' ' && c <= '~'; });
    return kept;
}

} // namespace

void session::writable::ready() noexcept {
    of.write_waits_ = false;
    of.turn_ended();
}

session::session(std::unique_ptr<net::stream> open, exchange_limits const& limits,
                 std::span<char> scratch)
    : scheduler_{open->runs_on()},
      stream_{std::move(open)},
      body_limit_{limits.body_bytes},
      scratch_{scratch},
      engine_{limits, *this},
      heartbeat_{scheduler_.now()},
      pace_{scheduler_.now()} {}

session::~session() {
    if (over_ || write_waits_ || written_ < unsent_.size()) return;
    try {
        engine_.go_away();
        if (!engine_.take_pending(unsent_, most_in_one_write)) stream_->try_write(unsent_);
    } catch (std::bad_alloc const&) {
        // Then without a goodbye.
    }
}

task<outcome<void, failure>> session::settle(stop_signal& stop) {
    stream_->listen(net::direction::read, reads_);
    flush();
    while (!over_ && !(engine_.is_settled() && engine_.streams_allowed() > 0)) {
        if (stop.requested())
            co_return failure{stop_error(stop.reason()),
                              "stopped while waiting for the HTTP/2 settings of the server"};
        parking place{scheduler_, stop};
        shown_place const shown{settling_, place};
        co_await place;
    }
    if (over_) co_return *over_;
    if (draining_) co_return end_of_engine();
    co_return outcome<void, failure>{};
}

task<carried> session::exchange(wire_request const& request, request_head& head, stop_signal& stop,
                                activity& told) {
    told.enter(call_phase::sending, scheduler_.now());
    open_exchange self{scheduler_, engine_, request.body, stop, told};
    if (!open(self, head.fields_for(request))) {
        co_return carried{exchange_failure{failure{errc::connection_lost,
                                                   "the connection takes no more requests"},
                                           exchange_progress::unsent},
                          place_fate::free, last_taken_ > 0};
    }
    co_await self.place;
    auto done = result_of(self, stop);
    co_return done;
}

/// False if the connection takes no more.
bool session::open(open_exchange& one, std::span<field const> head) {
    scheduler_.at_end_of_turn(*this);
    if (!takes_more() || !engine_.submit(one, head)) {
        draining_ = changed_ = true;
        return false;
    }
    if (exchanges_.empty()) heartbeat_.expects(scheduler_.now());
    exchanges_.push_back(one);
    return true;
}

exchange_progress session::progress_of(open_exchange const& of) const noexcept {
    if (of.begun) return exchange_progress::answered;
    // What is about to be written is told behind it only.
    return of.sent || (!over_ && engine_.is_open(of.id)) ? exchange_progress::sent
                                                         : exchange_progress::unsent;
}

carried session::result_of(open_exchange& ended, stop_signal const& stop) {
    if (ended.is_open()) return leave(ended, stop);
    if (ended.refused)
        return {exchange_failure{*std::move(ended.refused), progress_of(ended)}, place_fate::free};
    if (!ended.complete) return closed_early(ended);
    auto decoded = decode_body(*ended.answer, body_limit_);
    if (decoded) return {std::move(ended.answer), place_fate::free};
    return {exchange_failure{std::move(decoded).error(), exchange_progress::answered},
            place_fate::free};
}

carried session::closed_early(open_exchange const& ended) const {
    auto const progress = progress_of(ended);
    if (over_ && ended.closed_for == reset_code::no_error) {
        auto why = *over_;
        // What the server did to one stream, or to all, is no answer to this one.
        if (why.code == errc::malformed_response) why.code = errc::connection_lost;
        return {exchange_failure{std::move(why), progress}, place_fate::lost};
    }
    auto const code = ended.closed_for;
    if (code == reset_code::refused_stream && !ended.begun)
        return {exchange_failure{failure{errc::connection_lost,
                                         "the server refused the stream: it has not acted on the "
                                         "request"},
                                 exchange_progress::unsent},
                place_fate::free, last_taken_ > 0 && ended.id > last_taken_};
    if (code == reset_code::protocol_error || code == reset_code::no_error)
        return {exchange_failure{failure{errc::malformed_response,
                                         "the answer is not valid HTTP/2: the stream ended in the "
                                         "middle of it (" +
                                             text_of(code) + ")"},
                                 progress},
                place_fate::free};
    return {exchange_failure{failure{errc::connection_lost,
                                     "the server reset the stream (" + text_of(code) + ")"},
                             progress},
            place_fate::free};
}

/// Its caller ends at once. A stream that the server may know of is reset behind it.
carried session::leave(open_exchange& left, stop_signal const& stop) {
    auto const progress = progress_of(left);
    auto why = stopped_exchange(stop, left.phase());
    scheduler_.at_end_of_turn(*this);
    left.unlink();
    engine_.forget(left);
    if (progress == exchange_progress::unsent) {
        engine_.reset(left.id, reset_code::cancel);
        return {exchange_failure{std::move(why), progress}, place_fate::free};
    }
    abandoned_.push_back(left.id);
    return {exchange_failure{std::move(why), progress}, place_fate::held};
}

void session::settings_came() {
    if (settling_) settling_->wake();
    allows_fewer_ = changed_ = true;
}

void session::going_away(reset_code why, stream_id last, std::string_view text) {
    draining_ = allows_fewer_ = changed_ = true;
    last_taken_ = last;
    farewell_ = text_of(why);
    if (!text.empty()) farewell_.append(", \"").append(printable(text)).append("\"");
}

void session::expired() noexcept {
    with_memory([this] { look_after_peer(); });
    turn_ended();
}

void session::turn_ended() noexcept {
    with_memory([this] {
        flush();
        set_alarm();
    });
    report();
}

/// What has no memory to go on must not take the program with it.
template <class Work>
void session::with_memory(Work work) noexcept {
    try {
        work();
    } catch (std::bad_alloc const&) {
        end(failure{errc::out_of_memory, "no memory"});
    }
}

/// Reads what has come, and answers it. Called at the bottom of a turn.
void session::read() noexcept {
    with_memory([this] { take_what_came(); });
    turn_ended();
}

void session::take_what_came() {
    for (int n = 0; n < most_reads_in_a_turn && !over_ && engine_.listens(); ++n) {
        auto const step = stream_->try_read(scratch_);
        if (step.waits()) break;
        if (step.what != status::moved) {
            end(net::loss_of_connection(step));
            break;
        }
        heartbeat_.heard(scheduler_.now());
        if (auto fault = engine_.feed(scratch_.first(step.bytes))) {
            // The server is told what was wrong.
            flush();
            end(*std::move(fault));
        }
    }
    if (!over_ && engine_.listens()) stream_->listen(net::direction::read, reads_);
}

void session::flush() {
    if (over_) return;
    send_resets();
    while (!write_waits_ && !over_) {
        if (written_ == unsent_.size()) {
            unsent_.clear();
            written_ = 0;
            if (auto fault = engine_.take_pending(unsent_, most_in_one_write))
                return end(*std::move(fault));
        }
        if (unsent_.empty()) break;
        if (!write_unsent()) return;
    }
    if (unsent_.empty()) wipe(unsent_);
    if (std::exchange(allows_fewer_, false)) refuse_unopened();
    if (engine_.is_over()) end(end_of_engine());
}

/// Requests for which the server allows no stream any more go elsewhere, instead of waiting for
/// others to end.
void session::refuse_unopened() {
    for (auto each = exchanges_.begin(); each != exchanges_.end();) {
        auto& one = *each++;
        if (one.sent || engine_.is_open(one.id)) continue;
        engine_.forget(one);
        engine_.reset(one.id, reset_code::cancel);
        one.closed(reset_code::refused_stream);
    }
}

/// Why the engine does not go on, or takes nothing new.
failure session::end_of_engine() const {
    if (farewell_.empty()) return engine_.fault();
    return failure{errc::connection_lost, "the server takes no more requests"};
}

/// False if nothing more can be written for now.
bool session::write_unsent() {
    auto const step = stream_->try_write(std::string_view{unsent_}.substr(written_));
    written_ += step.bytes;
    if (step.what == status::moved) return true;
    // What TLS has to read first is read when it comes; then it is tried again.
    if (step.what == status::want_read) return false;
    if (step.what == status::want_write) {
        write_waits_ = true;
        stream_->listen(net::direction::write, writes_);
        return false;
    }
    end(net::loss_of_connection(step));
    return false;
}

/// Nothing can be moved any more.
void session::end(failure why) {
    if (over_) return;
    if (!farewell_.empty() && why.code != errc::out_of_memory)
        why.message += " (the server had said goodbye: " + farewell_ + ")";
    over_ = std::move(why);
    changed_ = true;
    stream_.reset();
    disarm();
    closed_ += abandoned_.size();
    abandoned_.clear();
    while (!exchanges_.empty())
        exchanges_.front().lost();
    if (settling_) settling_->wake();
}

void session::report() {
    if (std::exchange(changed_, false) && listener_) listener_->session_changed();
}

void session::send_resets() {
    auto const now = scheduler_.now();
    auto const told_before = closed_;
    while (!abandoned_.empty()) {
        auto const id = abandoned_.front();
        if (engine_.is_open(id)) {
            if (pace_.next() > now) break;
            engine_.reset(id, reset_code::cancel);
            pace_.sent(now);
            // A peer that is gone is noticed by those who are left.
            if (!heartbeat_.is_asking()) {
                engine_.ping();
                heartbeat_.asked(now);
            }
        }
        abandoned_.pop_front();
        ++closed_;
    }
    changed_ = changed_ || closed_ > told_before;
    if (abandoned_.empty()) return;
    auto const awaited = std::distance(exchanges_.begin(), exchanges_.end());
    if (awaited == 0)
        end(failure{errc::connection_lost,
                    "the connection was given up: nobody awaits its streams"});
    else if (abandoned_.size() > static_cast<std::size_t>(awaited))
        draining_ = changed_ = true;
}

void session::look_after_peer() {
    auto const now = scheduler_.now();
    if (heartbeat_.is_asking()) {
        if (now >= heartbeat_.dead_at())
            end(failure{errc::connection_lost, "the connection was lost: no sign of life for " +
                                                   std::to_string(heartbeat::most_delay.count()) +
                                                   " ms after the server was asked for one"});
        return;
    }
    if (exchanges_.empty() || now < heartbeat_.ask_at()) return;
    engine_.ping();
    heartbeat_.asked(now);
}

void session::set_alarm() {
    if (over_) return;
    if (!abandoned_.empty()) set_alarm_at(pace_.next());
    if (heartbeat_.is_asking())
        set_alarm_at(heartbeat_.dead_at());
    else if (!exchanges_.empty())
        set_alarm_at(heartbeat_.ask_at());
    else if (abandoned_.empty())
        // An alarm for nobody would keep the context of a closed client running.
        disarm();
}

void session::set_alarm_at(steady_time when) {
    if (armed() && this->when() <= when) return;
    disarm();
    scheduler_.deadlines().arm(*this, when);
}

} // namespace bctrl::http2
