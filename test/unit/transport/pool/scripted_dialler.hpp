#pragma once

#include "base/parking.hpp"
#include "transport/pool/dialler.hpp"
#include "transport/pool/http1_connection.hpp"

#include <boost/intrusive/list.hpp>

#include <cerrno>
#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include <sys/socket.h>
#include <unistd.h>

namespace bctrl::testing {

/// Dials that end when and how a test says. A stream made so is one end of a pair of sockets, whose
/// other end is the test's.
class scripted_dialler final : public pool::dialler {
public:
    explicit scripted_dialler(scheduler& runs_on) noexcept : scheduler_{runs_on} {}
    ~scripted_dialler() {
        for (auto const each : peers_)
            ::close(each);
    }

    task<outcome<std::unique_ptr<pool::connection>, failure>> dial(stop_signal& stop,
                                                                   net::dial_progress&) override {
        dial_under_way self{scheduler_, stop};
        under_way_.push_back(self);
        ++begun_;
        co_await self.place;
        if (self.is_linked()) self.unlink();
        if (self.made) co_return std::move(self.made);
        if (stop.requested())
            co_return failure{stop_error(stop.reason()), "stopped while dialling"};
        co_return std::move(self.why);
    }
    std::string_view host() const noexcept override { return "scripted"; }

    std::size_t begun() const noexcept { return begun_; }
    std::size_t under_way() const noexcept { return under_way_.size(); }

    /// Ends the `n`th of the dials under way, counted from the oldest.
    void succeed(std::size_t n = 0) {
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0)
            throw std::system_error{errno, std::generic_category(), "socketpair"};
        net::socket own{scheduler_.executor()};
        own.assign(boost::asio::ip::tcp::v4(), ends[0]);
        peers_.push_back(ends[1]);
        end(n).made = std::make_unique<pool::http1_connection>(
            std::make_unique<net::stream>(scheduler_, std::move(own)), terms_);
    }
    void fail(failure why, std::size_t n = 0) { end(n).why = std::move(why); }
    void fail(errc why, std::size_t n = 0) { fail(failure{why, "as scripted"}, n); }

    /// Ends of connections that the client may have closed meanwhile.
    std::size_t peers() const noexcept { return peers_.size(); }
    void close_peer(std::size_t n) {
        ::close(peers_[n]);
        peers_[n] = peers_.back();
        peers_.pop_back();
    }
    void send_unasked(std::size_t n) { ::send(peers_[n], "?", 1, MSG_NOSIGNAL | MSG_DONTWAIT); }
    /// Forgets the ends of those that the client has closed.
    void sweep() {
        for (auto n = peers_.size(); n-- > 0;) {
            char byte = 0;
            auto const got = ::recv(peers_[n], &byte, 1, MSG_DONTWAIT);
            // Closed with what was sent unasked unread it is reset.
            if (got == 0 || (got < 0 && errno != EAGAIN)) close_peer(n);
        }
    }

private:
    struct dial_under_way : boost::intrusive::list_base_hook<
                                boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
        dial_under_way(scheduler& runs_on, stop_signal& stop) : place{runs_on, stop} {}

        parking place;
        std::unique_ptr<pool::connection> made;
        failure why;
    };

    dial_under_way& end(std::size_t n) {
        auto& ended = *std::next(under_way_.begin(), static_cast<std::ptrdiff_t>(n));
        ended.unlink();
        ended.place.wake();
        return ended;
    }

    scheduler& scheduler_;
    boost::intrusive::list<dial_under_way, boost::intrusive::constant_time_size<false>> under_way_;
    pool::connection_terms terms_{"", false, {}};
    std::vector<int> peers_;
    std::size_t begun_ = 0;
};

} // namespace bctrl::testing
