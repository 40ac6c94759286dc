#pragma once

#include <string>
#include <string_view>

namespace bctrl {

/// An enumerator and its text in the protocol.
template <class E>
struct enum_text {
    E value;
    std::string_view text;
};

/// The texts of an enumeration of the API: `all`, an array of `enum_text<E>`. `E::unknown` has
/// none.
template <class E>
struct enum_texts;

/// The protocol's text of `value`; empty for `E::unknown`.
template <class E>
constexpr std::string_view text_of(E value) noexcept {
    for (auto const& known : enum_texts<E>::all)
        if (known.value == value) return known.text;
    return {};
}

/// The enumerator that the protocol calls `text`, or `E::unknown`.
template <class E>
constexpr E enum_from(std::string_view text) noexcept {
    for (auto const& known : enum_texts<E>::all)
        if (known.text == text) return known.value;
    return E::unknown;
}

/// A value of an enumeration that the API may extend at any time. A text that this version does not
/// know reads as `E::unknown` and is kept. Converts to `E`, so that `switch` and `==` work as with
/// `E`.
/// @par Thread safety  As for std::string.
template <class E>
class open_enum {
public:
    /// `E::unknown` with an empty text.
    open_enum() noexcept = default;

    /// A value that this version knows.
    open_enum(E value) noexcept : value_{value} {}

    /// The value called `text`; keeps a text that this version does not know.
    explicit open_enum(std::string_view text) : value_{enum_from<E>(text)} {
        if (value_ == E::unknown) unknown_text_ = text;
    }

    /// The value, `E::unknown` for a text that this version does not know.
    operator E() const noexcept { return value_; }

    /// The protocol's text, known or not. It lives as long as this object is not changed.
    std::string_view text() const noexcept {
        return value_ == E::unknown ? std::string_view{unknown_text_} : text_of(value_);
    }

    /// Unknown values are equal if their texts are.
    friend bool operator==(open_enum const&, open_enum const&) = default;
    friend bool operator==(open_enum const& left, E right) noexcept { return left.value_ == right; }

private:
    E value_ = E::unknown;
    std::string unknown_text_;
};

} // namespace bctrl
