#include "base/wipe.hpp"

#include <openssl/crypto.h>

#include <algorithm>

namespace bctrl {

void wipe(std::string& secret) noexcept {
    // Up to the capacity there is nothing to allocate.
    secret.resize(secret.capacity());
    OPENSSL_cleanse(secret.data(), secret.size());
    std::string{}.swap(secret);
}

void append_to_secret(std::string& secret, std::string_view more) {
    auto const size = secret.size() + more.size();
    if (size > secret.capacity()) {
        std::string larger;
        larger.reserve(std::max(size, 2 * secret.capacity()));
        larger.append(secret);
        secret.swap(larger);
        wipe(larger);
    }
    secret.append(more);
}

} // namespace bctrl
