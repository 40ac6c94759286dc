#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace bctrl {

namespace codec {
class json_text_access;
}

/// JSON of any shape, kept as compact text: whatever the API leaves open (results, arguments,
/// details) and every member that this version does not know.
///
/// Numbers keep every digit as sent, so `1e400`, `-0` and integers of any size survive; only
/// exponents beyond 2^31 are refused. White space between tokens is dropped, and strings are
/// escaped in one way only: no more than JSON demands. Equality compares the text. Read it with the
/// JSON library of your choice.
/// @par Thread safety  As for std::string.
class json_text {
public:
    /// No JSON at all; different from the JSON text `null`.
    json_text() noexcept = default;

    /// Checks `text` and keeps it in its compact form.
    /// @returns nothing if `text` is not one JSON document in UTF-8, or is nested deeper than 512
    /// levels.
    static std::optional<json_text> from(std::string_view text);

    /// Whether there is no JSON at all.
    bool empty() const noexcept { return text_.empty(); }

    /// The JSON text in UTF-8, or nothing if `empty()`.
    std::string const& text() const noexcept { return text_; }

    friend bool operator==(json_text const&, json_text const&) = default;

private:
    friend class codec::json_text_access;
    explicit json_text(std::string text) noexcept : text_{std::move(text)} {}

    std::string text_;
};

/// A member of a JSON object that this version has no name for. Decoded objects keep them, in the
/// order of the document, in their member `other_members`, and encode them again behind the known
/// ones.
struct json_member {
    std::string name;
    json_text value;

    friend bool operator==(json_member const&, json_member const&) = default;
};

} // namespace bctrl
