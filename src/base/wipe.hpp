#pragma once

#include <string>
#include <string_view>

namespace bctrl {

/// Overwrites a text that holds a secret, and what was behind its end before it was shortened or moved
/// from; then lets go of its memory.
void wipe(std::string& secret) noexcept;

/// Appends to a text that holds a secret. Where it must move to grow, nothing is left behind.
void append_to_secret(std::string& secret, std::string_view more);

/// Wipes a text when this ends, whatever ends it.
class wipe_at_end {
public:
    explicit wipe_at_end(std::string& secret) noexcept : secret_{secret} {}
    wipe_at_end(wipe_at_end const&) = delete;
    wipe_at_end& operator=(wipe_at_end const&) = delete;
    ~wipe_at_end() { wipe(secret_); }

private:
    std::string& secret_;
};

} // namespace bctrl
