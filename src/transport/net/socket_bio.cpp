#include "transport/net/socket_bio.hpp"

#include <openssl/bio.h>

#include <cerrno>

#include <sys/socket.h>

namespace bctrl::net {

namespace {

socket_end& end_of(BIO* bio) noexcept {
    return *static_cast<socket_end*>(BIO_get_data(bio));
}

bool would_block(ssize_t moved) noexcept {
    return moved < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
}

int write(BIO* bio, char const* from, std::size_t size, std::size_t* written) {
    auto const moved = ::send(end_of(bio).descriptor, from, size, MSG_NOSIGNAL);
    BIO_clear_retry_flags(bio);
    if (would_block(moved)) BIO_set_retry_write(bio);
    *written = moved > 0 ? static_cast<std::size_t>(moved) : 0;
    return moved > 0;
}

int read(BIO* bio, char* into, std::size_t size, std::size_t* got) {
    BIO_clear_retry_flags(bio);
    *got = 0;
    auto& end = end_of(bio);
    if (end.reads_left == 0) {
        BIO_set_retry_read(bio);
        return 0;
    }
    --end.reads_left;
    auto const moved = ::recv(end.descriptor, into, size, 0);
    if (would_block(moved)) BIO_set_retry_read(bio);
    if (moved == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    *got = moved > 0 ? static_cast<std::size_t>(moved) : 0;
    return moved > 0;
}

long control(BIO* bio, int command, long, void*) {
    if (command == BIO_CTRL_FLUSH) return 1;
    if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
    return 0;
}

BIO_METHOD* make_method() {
    auto* const made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "bctrl socket");
    if (!made) return nullptr;
    BIO_meth_set_write_ex(made, write);
    BIO_meth_set_read_ex(made, read);
    BIO_meth_set_ctrl(made, control);
    return made;
}

/// Never freed: connections of a context that is a global variable end after every other static is gone.
BIO_METHOD* socket_method() {
    static BIO_METHOD* const method = make_method();
    return method;
}

} // namespace

bool attach_socket(SSL* session, socket_end& end) {
    auto* const method = socket_method();
    if (!method) return false;
    auto* const bio = BIO_new(method);
    if (!bio) return false;
    BIO_set_data(bio, &end);
    BIO_set_init(bio, 1);
    SSL_set_bio(session, bio, bio);
    return true;
}

} // namespace bctrl::net
