#include "transport/net/session_cache.hpp"

#include <openssl/err.h>
#include <openssl/x509.h>

#include <algorithm>
#include <utility>

namespace bctrl::net {

namespace {

/// A certificate is verified in full handshakes only: it must not live on in those that resume.
bool has_expired_certificate(SSL_SESSION* session, std::time_t now) {
    auto const* const shown = SSL_SESSION_get0_peer(session);
    return shown && X509_cmp_time(X509_get0_notAfter(shown), &now) <= 0;
}

bool is_too_old(SSL_SESSION const* session, std::time_t now) {
    auto const lifetime = SSL_SESSION_get_ticket_lifetime_hint(session);
    auto const age = now - static_cast<std::time_t>(SSL_SESSION_get_time(session));
    return lifetime > 0 && age >= static_cast<std::time_t>(lifetime);
}

/// The connection that is given a session spoils it for everybody if it ends without a goodbye.
resumable_session copy_of(SSL_SESSION const* session) {
    resumable_session made{SSL_SESSION_dup(session)};
    if (!made) ERR_clear_error();
    return made;
}

} // namespace

std::size_t session_cache::count_of(std::string_view host) const noexcept {
    return static_cast<std::size_t>(std::count_if(
        kept_.begin(), kept_.end(), [host](entry const& each) { return each.host == host; }));
}

void session_cache::drop_oldest_of(std::string_view host) noexcept {
    auto const oldest = std::find_if(kept_.begin(), kept_.end(),
                                     [host](entry const& each) { return each.host == host; });
    if (oldest != kept_.end()) kept_.erase(oldest);
}

void session_cache::store(std::string_view host, resumable_session session) {
    if (count_of(host) == most_of_a_host) drop_oldest_of(host);
    if (kept_.size() == most) kept_.erase(kept_.begin());
    kept_.push_back({std::string{host}, ++stored_, std::move(session)});
}

session_cache::offer session_cache::take(std::string_view host, std::time_t now) {
    std::erase_if(kept_, [now](entry const& each) {
        return is_too_old(each.session.get(), now) ||
               has_expired_certificate(each.session.get(), now);
    });
    auto const newest = std::find_if(kept_.rbegin(), kept_.rend(),
                                     [host](entry const& each) { return each.host == host; });
    if (newest == kept_.rend()) return {};
    auto const number = newest->number;
    if (count_of(host) == 1) {
        auto copy = copy_of(newest->session.get());
        return copy ? offer{std::move(copy), number} : offer{};
    }
    offer given{std::move(newest->session), number};
    kept_.erase(std::next(newest).base());
    return given;
}

void session_cache::refused(std::string_view host, std::uint64_t number) noexcept {
    std::erase_if(kept_, [host, number](entry const& each) {
        return each.host == host && each.number <= number;
    });
}

} // namespace bctrl::net
