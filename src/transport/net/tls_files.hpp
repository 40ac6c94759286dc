#pragma once

#include "base/failure.hpp"
#include "base/outcome.hpp"

#include <openssl/ssl.h>

#include <string>

namespace bctrl::net {

/// Trusts the system's certificates: OpenSSL's default file and folder, or those that
/// `SSL_CERT_FILE` and `SSL_CERT_DIR` name. They are read when they are needed.
outcome<void, failure> trust_system(SSL_CTX* context);

/// Trusts every certificate in `file`, which is PEM.
/// @returns `errc::invalid_configuration` if the file cannot be read, or holds none, or one that is
/// damaged
outcome<void, failure> trust_file(SSL_CTX* context, std::string const& file);

/// Shows the certificates in `certificate_file`, its own and those in between, to servers that ask;
/// their key is in `key_file`, or beside them if that is empty. Both are PEM.
/// @returns `errc::invalid_configuration` if they cannot be used, or do not belong together. No
/// contents are shown.
outcome<void, failure> show_identity(SSL_CTX* context, std::string const& certificate_file,
                                     std::string const& key_file);

} // namespace bctrl::net
