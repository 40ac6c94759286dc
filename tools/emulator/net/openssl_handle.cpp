#include "emulator/net/openssl_handle.hpp"

#include <stdexcept>

namespace bctrl::emulator {

std::string take_openssl_error() {
    auto const code = ERR_get_error();
    ERR_clear_error();
    auto const* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
    return reason == nullptr ? "unknown error" : reason;
}

void throw_openssl_error(std::string const& action) {
    throw std::runtime_error{action + ": " + take_openssl_error()};
}

} // namespace bctrl::emulator
