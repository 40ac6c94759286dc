#pragma once

#include "base/scheduler.hpp"
#include "transport/net/openssl_handle.hpp"
#include "transport/net/socket_bio.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/generic/stream_protocol.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace bctrl::net {

/// Of TCP or of a Unix socket: which one, matters until it is connected only.
using socket = boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol, strand>;

/// What became of an attempt to move bytes without waiting.
struct transfer {
    enum class status : unsigned char {
        moved,      ///< `bytes` were moved
        want_read,  ///< nothing moved; try again once readable
        want_write, ///< nothing moved; try again once writable
        ended,      ///< the peer closed in order: all it sent has been read
        truncated,  ///< the peer closed without saying so in TLS: bytes may be missing
        failed,     ///< `error` tells why: the system's, or of `tls_category()`
    };
    status what;
    std::size_t bytes = 0;
    error_code error{};

    bool waits() const noexcept { return what == status::want_read || what == status::want_write; }
};

/// Is told when a socket may be readable or writable, or has failed.
class readiness_listener {
public:
    virtual void ready() noexcept = 0;

protected:
    ~readiness_listener() = default;
};

/// The two directions in which a socket may be waited for.
enum class direction : unsigned char { read, write };

/// A connected socket, with TLS or without. Never blocks and keeps no buffer of its own: bytes are
/// moved when there are any, else the system is asked to tell when there may be. Destroying it
/// closes the socket. Used on the client's strand.
class stream {
public:
    stream(scheduler& runs_on, socket connected);
    stream(stream const&) = delete;
    stream& operator=(stream const&) = delete;
    ~stream();

    /// From here on bytes go through `session`, whose handshake is still to be made.
    /// @returns false if there is no memory.
    bool secure_with(tls_session session);

    /// Goes on with the handshake; `moved` when it is done.
    transfer try_handshake();
    transfer try_read(std::span<char> into);
    transfer try_write(std::span<char const> from);

    /// Whether the handshake went on with an earlier session.
    bool resumed() const noexcept;
    /// What ALPN (RFC 7301) agreed on in the handshake, as in "http/1.1"; empty if nothing.
    std::string_view negotiated_protocol() const noexcept;

    /// Tells `listener` once when the socket may be ready; it may be told in vain. One listener for
    /// each direction.
    void listen(direction d, readiness_listener& listener);
    void stop_listening(direction d) noexcept;

    scheduler& runs_on() const noexcept { return scheduler_; }

private:
    struct watches;

    transfer read_plain(std::span<char> into);
    transfer read_tls(std::span<char> into);
    transfer write_plain(std::span<char const> from);
    transfer write_tls(std::span<char const> from);
    void begin_tls_step() noexcept;
    transfer tls_outcome(int returned, std::size_t bytes);
    void give_back_buffers() noexcept;

    scheduler& scheduler_;
    counted open_;
    socket socket_;
    socket_end end_;
    tls_session tls_;
    std::shared_ptr<watches> watches_;
};

/// Suspends the awaiting coroutine until the stream may be ready, in one direction or in either, or
/// the signal is given.
///
///     readiness ready{stream, direction::read, stop};
///     co_await ready;
class readiness : private readiness_listener, private resumption, private stop_listener {
public:
    readiness(stream& on, direction d, stop_signal& stop) noexcept
        : stream_{on}, reads_{d == direction::read}, writes_{d == direction::write}, stop_{stop} {}
    readiness(stream& on, stop_signal& stop) noexcept
        : stream_{on}, reads_{true}, writes_{true}, stop_{stop} {}
    ~readiness() { leave_stream(); }

    bool await_ready() const noexcept { return stop_.requested(); }
    void await_suspend(std::coroutine_handle<> awaiting) {
        suspended = awaiting;
        if (reads_) stream_.listen(direction::read, *this);
        if (writes_) stream_.listen(direction::write, *this);
        stop_.listen(*this);
    }
    void await_resume() noexcept {
        leave_stream();
        resumed();
        stop_listener::stop_listening();
    }

private:
    void leave_stream() noexcept {
        if (!suspended) return;
        if (reads_) stream_.stop_listening(direction::read);
        if (writes_) stream_.stop_listening(direction::write);
    }
    void ready() noexcept override;
    void stop_requested(stop_reason) noexcept override { stream_.runs_on().resume_later(*this); }

    stream& stream_;
    bool reads_;
    bool writes_;
    stop_signal& stop_;
};

} // namespace bctrl::net
