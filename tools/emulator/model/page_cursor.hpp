#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bctrl::emulator {

/// What a cursor stands for.
struct page_cursor {
    std::size_t page = 1; ///< the number of the page that it leads to
    bool descending = false;
    std::int64_t after = 0; ///< the sequence number of the last command before that page; 0: none
};

/// The text handed to clients; opaque, so that nobody is tempted to count with it.
std::string write(page_cursor const& cursor);
std::optional<page_cursor> read_cursor(std::string_view text);

} // namespace bctrl::emulator
