#include "emulator/net/tls_channel.hpp"

#include "emulator/net/socket_io.hpp"

namespace bctrl::emulator {
namespace {

/// OpenSSL's own socket BIO writes without MSG_NOSIGNAL, so a client that left could end the
/// process.
int socket_of(BIO* bio) {
    return *static_cast<int const*>(BIO_get_data(bio));
}

int finish_bio_call(BIO* bio, io_step step, int retry_flag, size_t* count) {
    BIO_clear_retry_flags(bio);
    *count = step.bytes;
    if (step.state == progress_state::done) return 1;
    if (step.state != progress_state::closed)
        BIO_set_flags(bio, retry_flag | BIO_FLAGS_SHOULD_RETRY);
    return 0;
}

int bio_write(BIO* bio, char const* from, size_t size, size_t* count) {
    return finish_bio_call(bio, write_socket(socket_of(bio), {from, size}), BIO_FLAGS_WRITE, count);
}

int bio_read(BIO* bio, char* into, size_t size, size_t* count) {
    return finish_bio_call(bio, read_socket(socket_of(bio), {into, size}), BIO_FLAGS_READ, count);
}

long bio_control(BIO*, int command, long, void*) {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO_METHOD const* socket_method() {
    // Never freed: a server that is a global variable ends after every other static is gone.
    static BIO_METHOD const* const method = [] {
        bio_method_handle made{BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket")};
        if (made == nullptr) throw_openssl_error("cannot set up TLS");
        BIO_meth_set_write_ex(made.get(), bio_write);
        BIO_meth_set_read_ex(made.get(), bio_read);
        BIO_meth_set_ctrl(made.get(), bio_control);
        return made.release();
    }();
    return method;
}

} // namespace

tls_channel::tls_channel(int socket, SSL_CTX* context) : socket_{socket}, ssl_{SSL_new(context)} {
    bio_handle bio{BIO_new(socket_method())};
    if (ssl_ == nullptr || bio == nullptr) throw_openssl_error("cannot set up TLS");
    BIO_set_data(bio.get(), &socket_);
    BIO_set_init(bio.get(), 1);
    SSL_set_bio(ssl_.get(), bio.get(), bio.get());
    bio.release(); // the connection owns it now
    SSL_set_accept_state(ssl_.get());
}

io_step tls_channel::unfinished(int result) {
    switch (SSL_get_error(ssl_.get(), result)) {
        case SSL_ERROR_WANT_READ:
            // A connection that waits holds no buffer of 17 KB; refused while bytes are inside.
            SSL_free_buffers(ssl_.get());
            return {progress_state::needs_read};
        case SSL_ERROR_WANT_WRITE:
            return {progress_state::needs_write};
        case SSL_ERROR_SSL:
            fault_ = take_openssl_error();
            return {progress_state::closed};
        default:
            ERR_clear_error();
            return {progress_state::closed};
    }
}

io_step tls_channel::shake_hands() {
    ERR_clear_error();
    auto const result = SSL_do_handshake(ssl_.get());
    return result == 1 ? io_step{progress_state::done} : unfinished(result);
}

io_step tls_channel::read(std::span<char> into) {
    ERR_clear_error();
    std::size_t count = 0;
    auto const result = SSL_read_ex(ssl_.get(), into.data(), into.size(), &count);
    return result == 1 ? io_step{progress_state::done, count} : unfinished(result);
}

io_step tls_channel::write(std::string_view from) {
    ERR_clear_error();
    std::size_t count = 0;
    auto const result = SSL_write_ex(ssl_.get(), from.data(), from.size(), &count);
    return result == 1 ? io_step{progress_state::done, count} : unfinished(result);
}

std::string tls_channel::protocol() const {
    unsigned char const* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl_.get(), &name, &size);
    return size == 0 ? std::string{} : std::string(reinterpret_cast<char const*>(name), size);
}

void tls_channel::say_goodbye() {
    ERR_clear_error();
    if (fault_.empty() && SSL_is_init_finished(ssl_.get()) != 0) SSL_shutdown(ssl_.get());
    ERR_clear_error();
}

} // namespace bctrl::emulator
