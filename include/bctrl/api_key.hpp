#pragma once

#include <memory>
#include <string>

namespace bctrl {

/// The secret that a client shows with every request. Cannot be printed, compared or converted by
/// accident. Copies share one place in memory, which is wiped when the last of them is destroyed.
/// @par Thread safety  As for std::string.
class api_key {
public:
    /// No key.
    api_key() noexcept = default;

    /// White space around `text` is dropped, and the memory that was given is wiped. Whether the key
    /// can be sent is checked when a client is made.
    explicit api_key(std::string text);

    bool empty() const noexcept { return !text_; }

    /// Whether the key can stand in a header: visible ASCII only (RFC 6750, section 2.1).
    bool sendable() const noexcept;

    /// The secret itself. Whoever asks for it sees to it that it reaches no log, message or URL.
    std::string const& reveal() const noexcept;

private:
    std::shared_ptr<std::string const> text_;
};

} // namespace bctrl
