#include "transport/net/stream.hpp"

#include "base/notification.hpp"
#include "transport/net/tls_error.hpp"

#include <boost/asio/error.hpp>

#include <openssl/err.h>

#include <array>
#include <cerrno>
#include <utility>

#include <sys/socket.h>

namespace bctrl::net {

using status = transfer::status;

/// Who listens to the socket, and which notifications the system owes us. Outlives the stream by
/// the notifications that are under way.
struct stream::watches {
    struct watch {
        readiness_listener* listener = nullptr;
        bool asked = false;
    };

    watch& operator[](direction d) noexcept { return watch_[static_cast<std::size_t>(d)]; }

    std::array<watch, 2> watch_;
};

namespace {

/// Reads of a socket in one step: enough for any handshake, and for a record in many pieces.
constexpr unsigned most_reads = 64;

void add(std::atomic<std::int64_t>& count, std::size_t bytes) noexcept {
    if (bytes > 0) count.fetch_add(static_cast<std::int64_t>(bytes), std::memory_order_relaxed);
}

error_code system_error_now() noexcept {
    return {errno, boost::system::system_category()};
}

bool would_block() noexcept {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

} // namespace

stream::stream(scheduler& runs_on, socket connected)
    : scheduler_{runs_on},
      open_{runs_on.live()->sockets},
      socket_{std::move(connected)},
      watches_{std::make_shared<watches>()} {}

stream::~stream() {
    for (auto& each : watches_->watch_)
        each.listener = nullptr;
    error_code ignored;
    socket_.close(ignored);
}

bool stream::secure_with(tls_session session) {
    end_.descriptor = socket_.native_handle();
    if (!attach_socket(session.get(), end_)) return false;
    tls_ = std::move(session);
    return true;
}

transfer stream::try_handshake() {
    begin_tls_step();
    auto const returned = SSL_do_handshake(tls_.get());
    if (returned > 0) give_back_buffers();
    return tls_outcome(returned, 0);
}

transfer stream::try_read(std::span<char> into) {
    auto const step = tls_ ? read_tls(into) : read_plain(into);
    add(scheduler_.live()->bytes_received, step.bytes);
    return step;
}

transfer stream::try_write(std::span<char const> from) {
    auto const step = tls_ ? write_tls(from) : write_plain(from);
    add(scheduler_.live()->bytes_sent, step.bytes);
    return step;
}

transfer stream::read_plain(std::span<char> into) {
    auto const got = ::recv(socket_.native_handle(), into.data(), into.size(), 0);
    if (got > 0) return {status::moved, static_cast<std::size_t>(got)};
    if (got == 0) return {status::ended};
    if (would_block()) return {status::want_read};
    return {status::failed, 0, system_error_now()};
}

transfer stream::write_plain(std::span<char const> from) {
    auto const put = ::send(socket_.native_handle(), from.data(), from.size(), MSG_NOSIGNAL);
    if (put >= 0) return {status::moved, static_cast<std::size_t>(put)};
    if (would_block()) return {status::want_write};
    return {status::failed, 0, system_error_now()};
}

transfer stream::read_tls(std::span<char> into) {
    begin_tls_step();
    std::size_t got = 0;
    auto const returned = SSL_read_ex(tls_.get(), into.data(), into.size(), &got);
    return tls_outcome(returned, got);
}

transfer stream::write_tls(std::span<char const> from) {
    begin_tls_step();
    std::size_t put = 0;
    auto const returned = SSL_write_ex(tls_.get(), from.data(), from.size(), &put);
    return tls_outcome(returned, put);
}

void stream::begin_tls_step() noexcept {
    // What others have left behind would be taken for the reason of what happens now.
    ERR_clear_error();
    errno = 0;
    end_.reads_left = most_reads;
}

transfer stream::tls_outcome(int returned, std::size_t bytes) {
    if (returned > 0) return {status::moved, bytes};
    // Read before anything else touches errno and the errors of OpenSSL.
    auto const below = system_error_now();
    auto const kind = SSL_get_error(tls_.get(), returned);
    auto const reason = take_tls_error();
    switch (kind) {
        case SSL_ERROR_WANT_READ:
            give_back_buffers();
            return {status::want_read};
        case SSL_ERROR_WANT_WRITE:
            return {status::want_write};
        case SSL_ERROR_ZERO_RETURN:
            return {status::ended};
        case SSL_ERROR_SYSCALL:
            if (below.value() == 0) return {status::truncated};
            return {status::failed, 0, below};
        default:
            break;
    }
    if (is_unannounced_end(reason)) return {status::truncated};
    return {status::failed, 0, reason};
}

void stream::give_back_buffers() noexcept {
    // A ticket received leaves a write buffer behind that nothing else would free while parked.
    // Between the head and the body of a record OpenSSL before 3.0.14 would free what it still
    // reads (CVE-2024-4741).
    if (SSL_rstate_string(tls_.get()) == std::string_view{"RH"}) SSL_free_buffers(tls_.get());
}

bool stream::resumed() const noexcept {
    return tls_ && SSL_session_reused(tls_.get()) == 1;
}

std::string_view stream::negotiated_protocol() const noexcept {
    if (!tls_) return {};
    unsigned char const* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(tls_.get(), &name, &size);
    return {reinterpret_cast<char const*>(name), size};
}

void stream::listen(direction d, readiness_listener& listener) {
    auto& watch = (*watches_)[d];
    watch.listener = &listener;
    // A notification asked for earlier will do: at worst it comes in vain.
    if (watch.asked) return;
    watch.asked = true;
    auto const kind = d == direction::read ? socket::wait_read : socket::wait_write;
    socket_.async_wait(kind,
                       [d, shared = watches_, owed = notification{scheduler_}](error_code) mutable {
                           owed.came();
                           auto& told = (*shared)[d];
                           told.asked = false;
                           if (auto* const who = std::exchange(told.listener, nullptr))
                               who->ready();
                       });
}

void stream::stop_listening(direction d) noexcept {
    (*watches_)[d].listener = nullptr;
}

void readiness::ready() noexcept {
    // Told from the bottom of a turn, so the coroutine goes on at once.
    suspended.resume();
}

} // namespace bctrl::net
