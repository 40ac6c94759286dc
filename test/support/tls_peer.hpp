#pragma once

#include "support/scripted_peer.hpp"

#include <bctrl/emulator/certificate.hpp>

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <csignal>
#include <cstddef>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include <pthread.h>

namespace bctrl::testing {

/// The server's side of one TLS connection, used with blocking calls.
class tls_connection {
public:
    explicit tls_connection(SSL* session) noexcept : session_{session} {}

    SSL* session() noexcept { return session_; }

    void write(std::string_view text) {
        std::size_t put = 0;
        if (!text.empty()) SSL_write_ex(session_, text.data(), text.size(), &put);
    }
    /// Up to `most` bytes; empty at the end of the connection.
    std::string read(std::size_t most = 16'384) {
        std::string got(most, '\0');
        std::size_t size = 0;
        if (SSL_read_ex(session_, got.data(), most, &size) != 1) size = 0;
        got.resize(size);
        return got;
    }
    std::string read_until(std::string_view end) {
        std::string text;
        while (text.find(end) == std::string::npos) {
            auto const more = read();
            if (more.empty()) return {};
            text += more;
        }
        return text;
    }
    /// Says that nothing more comes.
    void close_notify() { SSL_shutdown(session_); }

private:
    SSL* session_;
};

/// Makes scripts for a `scripted_peer` that speaks TLS with one certificate.
class tls_peer {
public:
    using script = std::function<void(tls_connection&)>;

    explicit tls_peer(emulator::certificate const& shown)
        : context_{SSL_CTX_new(TLS_server_method())} {
        auto const chain = memory(shown.chain);
        auto const key = memory(shown.private_key);
        std::unique_ptr<X509, decltype(&X509_free)> const read_chain{
            PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr), &X509_free};
        std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> const read_key{
            PEM_read_bio_PrivateKey(key.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free};
        if (SSL_CTX_use_certificate(context_.get(), read_chain.get()) != 1 ||
            SSL_CTX_use_PrivateKey(context_.get(), read_key.get()) != 1)
            throw std::runtime_error{"the certificate cannot be used"};
    }

    SSL_CTX* context() noexcept { return context_.get(); }

    /// Plays `play` behind a handshake; nothing if the handshake fails.
    scripted_peer::script after_handshake(script play) {
        return [this, play = std::move(play)](peer_connection& c) {
            // Ours to test is that the library raises no SIGPIPE; this side is not what is tested.
            sigset_t pipe;
            sigemptyset(&pipe);
            sigaddset(&pipe, SIGPIPE);
            pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
            std::unique_ptr<SSL, decltype(&SSL_free)> const session{SSL_new(context_.get()),
                                                                    &SSL_free};
            SSL_set_fd(session.get(), c.socket().native_handle());
            if (SSL_accept(session.get()) != 1) return;
            tls_connection secured{session.get()};
            play(secured);
        };
    }

private:
    struct context_delete {
        void operator()(SSL_CTX* p) const noexcept { SSL_CTX_free(p); }
    };
    using bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

    static bio memory(std::string const& text) {
        return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free};
    }

    std::unique_ptr<SSL_CTX, context_delete> context_;
};

} // namespace bctrl::testing
