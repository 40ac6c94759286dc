#include "base/piece_search.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

namespace bctrl {

namespace {

/// Where the pair that ends in front of `end` stands in the table: six bits of each byte.
std::size_t pair_before(std::string_view text, std::size_t end) noexcept {
    auto const first = static_cast<unsigned char>(text[end - 2]);
    auto const second = static_cast<unsigned char>(text[end - 1]);
    return (first & 63U) * 64 + (second & 63U);
}

} // namespace

piece_search::piece_search(std::vector<std::string_view> pieces) : pieces_{std::move(pieces)} {
    // A pair that is in no piece may at most be in front of one.
    steps_.fill(piece_size - 1);
    for (auto const piece : pieces_)
        learn(piece);
}

piece_search::~piece_search() {
    OPENSSL_cleanse(steps_.data(), steps_.size());
}

void piece_search::learn(std::string_view piece) noexcept {
    for (std::size_t end = 2; end <= piece_size; ++end) {
        auto& step = steps_[pair_before(piece, end)];
        step = std::min(step, static_cast<std::uint8_t>(piece_size - end));
    }
}

std::size_t piece_search::find(std::string_view text, std::size_t from) const noexcept {
    if (pieces_.empty()) return std::string_view::npos;
    for (auto end = from + piece_size; end <= text.size();) {
        auto const step = steps_[pair_before(text, end)];
        if (step > 0) {
            end += step;
            continue;
        }
        auto const here = text.substr(end - piece_size, piece_size);
        if (std::find(pieces_.begin(), pieces_.end(), here) != pieces_.end())
            return end - piece_size;
        ++end;
    }
    return std::string_view::npos;
}

} // namespace bctrl
