#pragma once

#include "base/failure.hpp"

namespace bctrl::net {

/// What OpenSSL complains of, as error codes. Their messages are for people: the reason, and what
/// to do about it where that is known.
boost::system::error_category const& tls_category() noexcept;

/// The last complaint of OpenSSL in this thread; no error if there is none. Empties its queue, so
/// that nobody else who uses OpenSSL in this thread takes the complaint for his.
error_code take_tls_error() noexcept;

/// The peer closed the connection without saying so in TLS.
bool is_unannounced_end(error_code of_tls) noexcept;

/// The failure of a handshake or session: `client_certificate_refused` if it is about the
/// certificate of this client, `certificate_rejected` about the server's, else `tls_failed`.
/// @param shown_none the server asked for a certificate, and there was none to show
failure tls_failure(std::string what, error_code of_tls, bool shown_none = false);

} // namespace bctrl::net
