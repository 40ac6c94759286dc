#pragma once

#include <string>
#include <utility>

namespace bctrl {

/// The secret that a client shows with every request. Cannot be printed, compared or converted by
/// accident; its memory is wiped when it is destroyed.
/// @par Thread safety  As for std::string.
class api_key {
public:
    /// No key.
    api_key() noexcept = default;

    /// White space around `text` is dropped. Whether the key can be sent is checked when a client
    /// is made.
    explicit api_key(std::string text);

    api_key(api_key const&) = default;
    api_key(api_key&& other) noexcept;
    api_key& operator=(api_key other) noexcept;
    ~api_key();

    bool empty() const noexcept { return text_.empty(); }

    /// Whether the key can stand in a header: visible ASCII only (RFC 6750, section 2.1).
    bool sendable() const noexcept;

    /// The secret itself. Whoever asks for it sees to it that it reaches no log, message or URL.
    std::string const& reveal() const noexcept { return text_; }

private:
    std::string text_;
};

} // namespace bctrl
