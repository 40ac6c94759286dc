#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace bctrl {

/// A point in time as the API wrote it. The contract promises no format, so the text is kept as it
/// is and read only on demand. Equality compares the text.
/// @par Thread safety  As for std::string.
class timestamp {
public:
    using time_point = std::chrono::sys_time<std::chrono::nanoseconds>;

    /// No text at all.
    timestamp() noexcept = default;

    /// Keeps `text`, whatever it says.
    explicit timestamp(std::string text) noexcept : text_{std::move(text)} {}

    /// Writes `when` in UTC as in `2026-04-02T09:14:58.020Z`, with three, six or nine digits of a
    /// second.
    static timestamp from(time_point when);

    /// The text as the API wrote it.
    std::string const& text() const noexcept { return text_; }

    /// Reads the text as RFC 3339. Digits beyond nanoseconds are cut off, and the leap second `:60`
    /// counts as the second after `:59`, because the system's clock has no name for it.
    /// @returns nothing if the text is no such time, or lies outside of the years 1678 to 2261.
    std::optional<time_point> time() const noexcept;

    friend bool operator==(timestamp const&, timestamp const&) = default;

private:
    std::string text_;
};

} // namespace bctrl
