#include "transport/net/race.hpp"

#include "base/notification.hpp"
#include "base/wake_at.hpp"
#include "transport/net/race_plan.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace bctrl::net {

namespace {

using boost::asio::ip::tcp;

/// So many addresses are named in an error; of the others it says how many they are.
constexpr std::size_t most_named = 4;

class contest;

/// One connect. Outlives the contest by the notification that is under way.
struct attempt {
    attempt(strand const& runs_on, tcp::endpoint const& address, contest& in)
        : made{runs_on}, to{address}, part_of{&in} {}

    void close() noexcept {
        error_code ignored;
        made.close(ignored);
    }

    socket made;
    tcp::endpoint to;
    contest* part_of;
    error_code error;
    bool ended = false;
    bool counted = false; ///< the plan knows that it has failed
};

error_code open(socket& s, tcp::endpoint const& address) {
    error_code ec;
    s.open(address.protocol(), ec);
    if (!ec) s.non_blocking(true, ec);
    // A request is one write; waiting for more to send would only delay it.
    if (!ec) s.set_option(tcp::no_delay{true}, ec);
    return ec;
}

/// The sockets of one race. Closes those that nobody took.
class contest {
public:
    contest(scheduler& runs_on, address_list const& addresses)
        : scheduler_{runs_on}, addresses_{addresses}, plan_{addresses.size()} {}
    contest(contest const&) = delete;
    contest& operator=(contest const&) = delete;
    ~contest() {
        for (auto const& each : attempts_) {
            each->part_of = nullptr;
            each->close();
        }
    }

    /// Begins what is due, after what has failed.
    void go_on() {
        for (auto const& each : attempts_) {
            if (!each->ended || !each->error || std::exchange(each->counted, true)) continue;
            each->close();
            plan_.failed();
        }
        while (auto const next = plan_.begin(scheduler_.now()))
            begin(addresses_[*next]);
    }

    attempt* winner() noexcept {
        for (auto const& each : attempts_)
            if (each->ended && !each->error) return each.get();
        return nullptr;
    }
    bool lost() const noexcept { return plan_.lost(); }

    /// Until an attempt ends or the next one is due.
    task<> news(stop_signal& stop) {
        parking place{scheduler_, stop};
        wake_at next{place};
        if (auto const due = plan_.next_at()) next.set(scheduler_, *due);
        shown_place const shown{told_, place};
        co_await place;
    }
    void ended() {
        if (told_) told_->wake();
    }

    failure lost_failure() const {
        auto const& last = *attempts_.back();
        auto const what =
            is_out_of_descriptors(last.error) ? errc::too_many_descriptors : errc::connect_failed;
        if (attempts_.size() == 1)
            return {what, "connecting to " + text_of(last.to) + " failed: " + last.error.message(),
                    last.error};
        return {what, "connecting failed: " + attempts_text(), last.error};
    }
    failure stopped_failure(stop_reason why) const {
        return {stop_error(why), "stopped while connecting to " + attempts_text()};
    }

private:
    void begin(tcp::endpoint const& address) {
        auto const now = std::make_shared<attempt>(scheduler_.executor(), address, *this);
        attempts_.push_back(now);
        if (auto const ec = open(now->made, address)) {
            now->error = ec;
            now->ended = now->counted = true;
            plan_.failed();
            // The next address would fare no better.
            if (is_out_of_descriptors(ec)) plan_.begin_no_more();
            return;
        }
        now->made.async_connect(address,
                                [now, owed = notification{scheduler_}](error_code ec) mutable {
                                    owed.came();
                                    now->error = ec;
                                    now->ended = true;
                                    if (now->part_of) now->part_of->ended();
                                });
    }

    std::string attempts_text() const {
        std::string text;
        for (std::size_t n = 0; n < attempts_.size() && n < most_named; ++n) {
            auto const& each = *attempts_[n];
            auto const& outcome = each.ended ? each.error.message() : "no answer";
            text.append(n > 0 ? ", " : "").append(text_of(each.to));
            text.append(" (").append(outcome).append(")");
        }
        if (attempts_.size() > most_named)
            text += " and " + std::to_string(attempts_.size() - most_named) + " more";
        return text;
    }

    scheduler& scheduler_;
    address_list const& addresses_;
    race_plan plan_;
    std::vector<std::shared_ptr<attempt>> attempts_;
    parking* told_ = nullptr;
};

} // namespace

bool is_out_of_descriptors(error_code ec) noexcept {
    return ec == boost::system::errc::too_many_files_open ||
           ec == boost::system::errc::too_many_files_open_in_system;
}

task<outcome<connected, failure>> race(scheduler& runs_on, address_list addresses,
                                       stop_signal& stop) {
    if (stop.requested()) co_return failure{stop_error(stop.reason()), "stopped before connecting"};
    contest here{runs_on, addresses};
    while (!stop.requested()) {
        if (auto* const first = here.winner())
            co_return connected{std::move(first->made), first->to};
        here.go_on();
        if (here.lost()) co_return here.lost_failure();
        co_await here.news(stop);
    }
    co_return here.stopped_failure(stop.reason());
}

} // namespace bctrl::net
