#pragma once

#include <zlib.h>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace bctrl::testing {

/// `text` as one member of a gzip stream (RFC 1952).
inline std::string gzip(std::string_view text) {
    z_stream made{};
    if (deflateInit2(&made, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error{"zlib has no memory"};
    std::string packed(deflateBound(&made, text.size()), '\0');
    std::string input{text};
    made.next_in = reinterpret_cast<Bytef*>(input.data());
    made.avail_in = static_cast<uInt>(input.size());
    made.next_out = reinterpret_cast<Bytef*>(packed.data());
    made.avail_out = static_cast<uInt>(packed.size());
    auto const result = deflate(&made, Z_FINISH);
    packed.resize(made.total_out);
    deflateEnd(&made);
    if (result != Z_STREAM_END) throw std::runtime_error{"zlib did not finish"};
    return packed;
}

} // namespace bctrl::testing
