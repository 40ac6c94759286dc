#include "base/wipe.hpp"

#include <openssl/crypto.h>

namespace bctrl {

void wipe(std::string& secret) noexcept {
    // Up to the capacity there is nothing to allocate.
    secret.resize(secret.capacity());
    OPENSSL_cleanse(secret.data(), secret.size());
    std::string{}.swap(secret);
}

} // namespace bctrl
