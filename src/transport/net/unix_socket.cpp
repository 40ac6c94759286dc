#include "transport/net/unix_socket.hpp"

#include "base/parking.hpp"
#include "transport/net/race.hpp"

#include <boost/asio/local/stream_protocol.hpp>

#include <cerrno>
#include <utility>

#include <sys/socket.h>

namespace bctrl::net {

namespace {

using boost::asio::local::stream_protocol;

constexpr milliseconds pause_before_full_queue{10};

error_code open(socket& s) {
    error_code ec;
    s.open(stream_protocol{}, ec);
    if (!ec) s.non_blocking(true, ec);
    return ec;
}

/// Asio would wait for a socket that is refused for a full queue to become writable: it is, but not
/// connected.
error_code connect_at_once(socket& s, stream_protocol::endpoint const& to) {
    int done = -1;
    do
        done = ::connect(s.native_handle(), to.data(), static_cast<socklen_t>(to.size()));
    while (done != 0 && errno == EINTR);
    return done == 0 ? error_code{} : error_code{errno, boost::system::system_category()};
}

failure connect_failure(std::string const& path, error_code ec) {
    auto const what = is_out_of_descriptors(ec) ? errc::too_many_descriptors : errc::connect_failed;
    return {what, "connecting to the Unix socket \"" + path + "\" failed: " + ec.message(), ec};
}

} // namespace

task<outcome<socket, failure>> connect_to_unix_socket(scheduler& runs_on, std::string path,
                                                      stop_signal& stop) {
    socket made{runs_on.executor()};
    if (auto const ec = open(made)) co_return connect_failure(path, ec);
    stream_protocol::endpoint const to{path};
    while (!stop.requested()) {
        auto const ec = connect_at_once(made, to);
        if (!ec) co_return std::move(made);
        if (ec != boost::system::errc::resource_unavailable_try_again)
            co_return connect_failure(path, ec);
        sleep_until pause{runs_on, later(runs_on.now(), pause_before_full_queue), stop};
        co_await pause;
    }
    co_return failure{stop_error(stop.reason()),
                      "stopped while connecting to the Unix socket \"" + path + "\""};
}

} // namespace bctrl::net
