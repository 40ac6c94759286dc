#pragma once

#include "base/piece_search.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace bctrl {

/// Finds the key in texts that came from outside, in the forms in which servers and gateways repeat what
/// they were sent: as it is, in another case, percent-encoded or escaped as in JSON (wholly or in part,
/// once or several times), in Base64 alone or behind other text, and cut short by `readable_text`.
class key_search {
public:
    explicit key_search(std::string_view key);
    key_search(key_search const&) = delete;
    key_search& operator=(key_search const&) = delete;
    /// What was made of the key is a secret as well.
    ~key_search();

    /// A piece of a text.
    struct piece {
        std::size_t begin;
        std::size_t size;
    };

    /// The first trace of the key from `from` on.
    std::optional<piece> find(std::string_view text, std::size_t from) const noexcept;

private:
    std::optional<piece> find_spelled(std::string_view text, std::size_t from) const noexcept;
    std::optional<piece> find_base64(std::string_view text, std::size_t from) const noexcept;
    std::size_t spelled_at(std::string_view text) const noexcept;

    std::string_view key_;
    std::array<bool, 256> beginnings_; ///< what the first character of the key may begin with
    /// What every Base64 text that the key is in holds: for each place behind a multiple of three bytes,
    /// in the common alphabet and in that for URLs.
    std::array<std::string, 6> base64_;
    piece_search pieces_of_base64_;
};

} // namespace bctrl
