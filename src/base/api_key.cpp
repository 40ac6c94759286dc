#include <bctrl/api_key.hpp>

#include "base/wipe.hpp"

#include <algorithm>
#include <string_view>

namespace bctrl {

namespace {

/// A secret that never moves: a string that does leaves a short text behind, unwiped.
struct kept_secret {
    explicit kept_secret(std::string_view secret) : text{secret} {}
    kept_secret(kept_secret const&) = delete;
    kept_secret& operator=(kept_secret const&) = delete;
    ~kept_secret() { wipe(text); }

    std::string text;
};

std::string_view trimmed(std::string_view text) noexcept {
    constexpr auto* space = " \t\r\n\v\f";
    auto const first = text.find_first_not_of(space);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

} // namespace

api_key::api_key(std::string text) {
    wipe_at_end const wiped{text};
    auto const secret = trimmed(text);
    if (secret.empty()) return;
    auto const kept = std::make_shared<kept_secret>(secret);
    text_ = {kept, &kept->text};
}

bool api_key::sendable() const noexcept {
    return text_ &&
           std::all_of(text_->begin(), text_->end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

std::string const& api_key::reveal() const noexcept {
    static std::string const nothing;
    return text_ ? *text_ : nothing;
}

} // namespace bctrl
