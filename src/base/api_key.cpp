#include <bctrl/api_key.hpp>

#include "base/wipe.hpp"

#include <algorithm>

namespace bctrl {

namespace {

std::string trimmed(std::string text) {
    constexpr auto* space = " \t\r\n\v\f";
    auto const first = text.find_first_not_of(space);
    if (first == std::string::npos) {
        wipe(text);
        return {};
    }
    auto const last = text.find_last_not_of(space);
    auto kept = text.substr(first, last - first + 1);
    wipe(text);
    return kept;
}

} // namespace

api_key::api_key(std::string text) : text_{trimmed(std::move(text))} {}

api_key::api_key(api_key&& other) noexcept : text_{std::move(other.text_)} {
    // A short string is copied when it moves, so the source still holds it.
    wipe(other.text_);
}

api_key& api_key::operator=(api_key other) noexcept {
    text_.swap(other.text_);
    return *this;
}

api_key::~api_key() {
    wipe(text_);
}

bool api_key::sendable() const noexcept {
    return !text_.empty() &&
           std::all_of(text_.begin(), text_.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

} // namespace bctrl
