#include "transport/net/stream.hpp"

#include "base/notification.hpp"
#include "transport/net/socket_bio.hpp"

#include <boost/asio/error.hpp>

#include <openssl/err.h>
#include <openssl/x509.h>

#include <array>
#include <cerrno>
#include <string_view>
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
    if (!attach_socket(session.get(), socket_.native_handle())) return false;
    tls_ = std::move(session);
    return true;
}

transfer stream::try_handshake() {
    ERR_clear_error();
    errno = 0;
    auto const returned = SSL_do_handshake(tls_.get());
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
    ERR_clear_error();
    errno = 0;
    std::size_t got = 0;
    auto const returned = SSL_read_ex(tls_.get(), into.data(), into.size(), &got);
    return tls_outcome(returned, got);
}

transfer stream::write_tls(std::span<char const> from) {
    ERR_clear_error();
    errno = 0;
    std::size_t put = 0;
    auto const returned = SSL_write_ex(tls_.get(), from.data(), from.size(), &put);
    return tls_outcome(returned, put);
}

transfer stream::tls_outcome(int returned, std::size_t bytes) {
    if (returned > 0) return {status::moved, bytes};
    // Read before anything else touches errno.
    auto const below = system_error_now();
    switch (SSL_get_error(tls_.get(), returned)) {
        case SSL_ERROR_WANT_READ:
            // A ticket received leaves a write buffer behind that nothing else would free while
            // parked. Between the head and the body of a record OpenSSL before 3.0.14 would free
            // what it still reads (CVE-2024-4741).
            if (SSL_rstate_string(tls_.get()) == std::string_view{"RH"})
                SSL_free_buffers(tls_.get());
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
    if (ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
        ERR_clear_error();
        return {status::truncated};
    }
    return {status::failed, 0, errc::tls_failed};
}

std::string stream::certificate_fault() const {
    if (!tls_) return {};
    auto const verified = SSL_get_verify_result(tls_.get());
    if (verified == X509_V_OK) return {};
    return X509_verify_cert_error_string(verified);
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
