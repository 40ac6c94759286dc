#include "transport/tunnel/proxy_answer.hpp"

namespace bctrl::tunnel {

namespace {

failure refused(errc what, int status, std::string text) {
    return {what, std::move(text), error_code{status, proxy_status_category()}};
}

failure unauthenticated(int status, request_to_proxy const& asked) {
    auto const whom = "the proxy " + asked.proxy;
    if (asked.with_credentials)
        return refused(errc::proxy_unauthenticated, status,
                       whom + " does not accept the user and password that it was shown (" +
                           std::to_string(status) + "); check client_config::proxy or HTTPS_PROXY");
    return refused(errc::proxy_unauthenticated, status,
                   whom + " wants a user and a password (" + std::to_string(status) +
                       "); set them in client_config::proxy or HTTPS_PROXY, as in "
                       "http://user:password@" +
                       asked.proxy);
}

bool may_pass(int status) noexcept {
    return status >= 500 || status == 408 || status == 429;
}

/// What a server says that is no proxy, or one that does not tunnel.
bool knows_no_connect(int status) noexcept {
    return status == 400 || status == 404 || status == 405 || status == 501 || status < 400;
}

} // namespace

std::optional<failure> refusal(int status, request_to_proxy const& asked) {
    if (status >= 200 && status < 300) return std::nullopt;
    // Some say 401 to a wrong password: nobody but the proxy has answered yet.
    if (status == 407 || status == 401) return unauthenticated(status, asked);
    auto const answered = "the proxy " + asked.proxy + " answered " + std::to_string(status);
    if (knows_no_connect(status))
        return refused(errc::proxy_refused, status,
                       answered + " when asked for " + asked.target +
                           "; it may be no HTTP proxy, or one that does not know CONNECT");
    if (may_pass(status))
        return refused(errc::proxy_failed, status,
                       answered + ": it could not connect with " + asked.target);
    return refused(errc::proxy_refused, status,
                   answered + ": it does not let anybody through to " + asked.target +
                       "; ask whoever runs it, or name the host in client_config::no_proxy or "
                       "NO_PROXY if it can be reached without");
}

} // namespace bctrl::tunnel
