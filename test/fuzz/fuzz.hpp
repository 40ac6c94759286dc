#pragma once

#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <string_view>

/// What each fuzz target defines: looks at one input, whatever it is. Called by libFuzzer, or by
/// `replay.cpp` with the inputs of a corpus.
extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size);

namespace bctrl::fuzz {

inline std::string_view as_text(unsigned char const* data, std::size_t size) noexcept {
    return {reinterpret_cast<char const*>(data), size};
}

/// Ends the program unless `holds`: the input that led here is the finding.
/// @param what what does not hold, for people
/// @param seen what was seen instead
inline void require(bool holds, std::string_view what, std::string_view seen = {}) {
    if (holds) return;
    std::cerr << "property violated: " << what << "\n";
    if (!seen.empty()) std::cerr << "seen: " << seen << "\n";
    std::abort();
}

/// Visible ASCII only: fit for a request line and for one line of a log.
inline bool is_visible(std::string_view text) noexcept {
    for (char const c : text)
        if (c <= ' ' || c >= '\x7f') return false;
    return true;
}

} // namespace bctrl::fuzz
