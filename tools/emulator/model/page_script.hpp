#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace bctrl::emulator {

/// How the pages of a run misbehave, for testing those who follow them. Pages count from 1.
struct page_script {
    std::vector<std::size_t> sizes{};           ///< exact sizes of the pages; empty: as asked for
    std::optional<std::size_t> empty_page{};    ///< this page is empty, though others follow
    std::optional<std::size_t> repeat_cursor{}; ///< this page names the cursor that led to it
};

} // namespace bctrl::emulator
