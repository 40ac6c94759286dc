#pragma once

#include <bctrl/api_key.hpp>

#include <string>
#include <utility>

namespace bctrl {

/// The URL of an HTTP proxy, as in `http://user:password@proxy.example:3128`. It may hold a
/// password: like an `api_key` it cannot be printed, compared or converted by accident, and its
/// memory is wiped when it is destroyed.
/// @par Thread safety  As for std::string.
class proxy_url {
public:
    /// No proxy.
    proxy_url() noexcept = default;

    /// White space around `text` is dropped. Whether it can be used is checked when a client is
    /// made that uses it.
    explicit proxy_url(std::string text) : text_{std::move(text)} {}

    bool empty() const noexcept { return text_.empty(); }

    /// The URL itself, password and all. Whoever asks for it sees to it that it reaches no log or
    /// message.
    std::string const& reveal() const noexcept { return text_.reveal(); }

private:
    api_key text_; ///< kept in the same way
};

} // namespace bctrl
