#pragma once

#include <bctrl/json_text.hpp>

#include <boost/system/error_category.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/error_condition.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace bctrl {

struct operation;
struct invocation;
class remote_cancel;

using boost::system::error_code;
using boost::system::error_condition;

/// What happened. A call that was cancelled by its caller ends with
/// `boost::asio::error::operation_aborted`; every other ending that is no value is one of these.
///
/// To decide how to react compare with `condition` instead: it groups these codes.
enum class errc {
    // The call was refused before any input or output.
    invalid_configuration = 1, ///< a setting of `client_config` cannot be used
    invalid_api_key,           ///< no key, or one with characters that no header may carry
    insecure_origin,           ///< plain http to a host that is not this machine
    invalid_argument, ///< an argument cannot be sent: an empty id, a malformed method or target
    client_closed,    ///< the client was closed or abandoned

    // The call ran out of time or room.
    deadline_exceeded = 20, ///< the call's own deadline passed
    queue_full,             ///< too many calls were waiting for a connection already
    too_many_descriptors,   ///< the process or the machine has no descriptor left
    out_of_memory,          ///< the process has no memory left
    queue_timeout,          ///< no connection was free or opened for `client_config::queue_timeout`

    // No answer could be had.
    resolve_failed = 40,  ///< the host name has no address
    connect_failed,       ///< no address accepted a connection
    tls_failed,           ///< the TLS handshake or the TLS session failed
    certificate_rejected, ///< the server's certificate is not trusted, or is not for this host
    connection_lost,      ///< the connection ended before the answer did
    client_certificate_refused, ///< the server demands a client certificate, or refuses ours

    // The proxy in front of the host did not let us through. Its status is the cause, in the
    // category `proxy_status_category()`.
    proxy_unauthenticated = 50, ///< 407 or 401: it wants a user and a password, or others
    proxy_refused,              ///< it does not let this host through, or is no proxy
    proxy_failed,               ///< it could not reach the host, or broke the connection

    // An answer came that HTTP or the API's contract does not allow.
    malformed_response = 60, ///< not HTTP, or HTTP that must not be accepted
    header_too_large,    ///< the head of the answer is larger than `client_limits::header_bytes`
    body_too_large,      ///< the body of the answer is larger than `client_limits::body_bytes`
    unexpected_content,  ///< the body is not JSON: a page of a proxy, for example
    malformed_json,      ///< the body says that it is JSON and is not
    unexpected_document, ///< JSON in which a member is missing or of another type
    unexpected_status,   ///< a status that no call of the API has; redirects are among them
    cursor_repeated,     ///< a page names a cursor that was followed already

    // The API refused the call (RFC 9110, section 15).
    invalid_request = 80, ///< 400 or 422
    unauthenticated,      ///< 401
    permission_denied,    ///< 403
    not_found,            ///< 404
    conflict,             ///< 409
    gone,                 ///< 410
    rate_limited,         ///< 429
    server_error,         ///< 5xx and 408
    refused,              ///< any other 4xx

    // The end of a wait that is not the end of the work.
    lost_contact = 100, ///< no poll was answered for `wait_policy::lost_contact_after`

    internal = 120, ///< a fault of this library; the message tells which
};

/// How to react. `code == condition::retryable` holds for every code of that group; a code may be
/// in several groups.
enum class condition {
    /// The same call may succeed later: transport faults but those of certificates and of proxies
    /// that refuse, 408, 429, 5xx, a queue that is full or slow, no descriptors, lost contact.
    retryable = 1,
    timeout,   ///< time ran out here; the remote work is not affected
    cancelled, ///< the caller stopped the call, or the client was closed
    auth,      ///< the key is missing, wrong, or lacks a permission; or the proxy's password is
    not_found, ///< 404 or 410
    throttled, ///< too many calls: 429, or too many in flight in this process
    transport, ///< no answer could be had from the network
    protocol,  ///< the answer cannot be understood
};

/// The category of `errc`; its name is "bctrl".
/// @par Thread safety  Safe from any thread.
boost::system::error_category const& error_category() noexcept;

/// The category of an `error_details::cause` that is the status of a proxy's answer, as in 502; its
/// name is "bctrl.proxy_status".
/// @par Thread safety  Safe from any thread.
boost::system::error_category const& proxy_status_category() noexcept;

/// The category of `condition`; its name is "bctrl.condition".
/// @par Thread safety  Safe from any thread.
boost::system::error_category const& condition_category() noexcept;

inline error_code make_error_code(errc e) noexcept {
    return {static_cast<int>(e), error_category()};
}

inline error_condition make_error_condition(condition c) noexcept {
    return {static_cast<int>(c), condition_category()};
}

/// Everything known about a call that ended without a value. Members that do not apply are empty.
/// No member ever holds the API key.
struct error_details {
    std::string call;   ///< the name of the call, as in "operations.wait"
    std::string method; ///< the HTTP method
    std::string url;    ///< scheme, host, port and path; never a query

    int status = 0;           ///< the HTTP status, 0 if no answer came
    std::string code;         ///< the API's code, as in "operation.not_found"
    std::string reason_class; ///< the API's class of reasons, as in "rate_limited"
    std::string message;      ///< what went wrong, for people
    std::string hint;         ///< what to do about it, for people
    std::string request_id;   ///< names the request in the server's log
    json_text details;        ///< the member `details` of the error's body

    unsigned attempts = 0;                                ///< requests begun, the last one included
    std::optional<std::chrono::milliseconds> retry_after; ///< the server's `Retry-After`
    error_code cause; ///< the error below this one: of the system, of TLS, of the last poll

    std::string resource_id; ///< the operation, invocation or run that the call was about

    /// The last state seen by a wait that was cut off, if any was seen.
    std::shared_ptr<operation const> last_operation;
    std::shared_ptr<invocation const> last_invocation;
    /// How old that state was at the end of the wait.
    std::optional<std::chrono::milliseconds> last_seen_age;

    /// The cancel that was sent because a wait was abandoned (`wait_options::on_abandon`).
    std::shared_ptr<remote_cancel const> cancel_sent;
};

/// One paragraph for people: what failed, where, why, the server's code and request id, and what to
/// do. Never holds the API key.
/// @par Thread safety  Safe from any thread.
std::string describe(error_code code, error_details const& details);

/// Thrown by every call that is awaited with the default completion token. `code()` tells what
/// happened, `details()` everything else; `what()` is `describe(code(), details())`.
class request_error : public boost::system::system_error {
public:
    request_error(error_code code, std::shared_ptr<error_details const> details);

    error_details const& details() const noexcept { return *details_; }
    char const* what() const noexcept override { return text_->c_str(); }

private:
    std::shared_ptr<error_details const> details_;
    std::shared_ptr<std::string const> text_;
};

} // namespace bctrl

template <>
struct boost::system::is_error_code_enum<bctrl::errc> : std::true_type {};
template <>
struct boost::system::is_error_condition_enum<bctrl::condition> : std::true_type {};
