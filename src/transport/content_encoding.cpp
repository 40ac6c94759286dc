#include "transport/content_encoding.hpp"

#include <boost/beast/core/string.hpp>

#include <zlib.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace bctrl {

namespace {

using boost::beast::iequals;

/// Longer ones are not worth to be repeated to people.
constexpr std::size_t longest_name = 32;

/// The largest window, and a head as gzip writes it and nothing else (inflateInit2).
constexpr int gzip_window = MAX_WBITS + 16;

/// How much of the encoded body zlib is shown at once; it counts in 32 bits.
constexpr std::size_t largest_share = std::size_t{1} << 30;

/// How much is decoded at a time, and so the most that is decoded beyond the bound.
constexpr std::size_t piece_bytes = 16'384;

failure undecodable(std::string const& why) {
    return failure{errc::malformed_response,
                   "the body of the answer cannot be decoded from gzip: " + why};
}

failure too_large(std::size_t most) {
    return failure{errc::body_too_large, "the body of the answer exceeds " + std::to_string(most) +
                                             " bytes when it is decoded"};
}

/// Undoes gzip piece by piece (RFC 1952): as many members as there are, one behind the other.
class gzip_decoder {
public:
    explicit gzip_decoder(std::string_view encoded) noexcept
        : unread_{encoded}, begun_{inflateInit2(&zlib_, gzip_window) == Z_OK} {}
    gzip_decoder(gzip_decoder const&) = delete;
    gzip_decoder& operator=(gzip_decoder const&) = delete;
    ~gzip_decoder() { inflateEnd(&zlib_); }

    /// Fails only for want of memory.
    bool begun() const noexcept { return begun_; }
    bool at_end() const noexcept { return member_ended_ && left() == 0; }

    /// @pre !at_end()
    /// @returns the next bytes, in `piece`; there may be none
    outcome<std::string_view, failure> next(std::span<char> piece) {
        if (member_ended_) inflateReset(&zlib_);
        take_share();
        zlib_.next_out = reinterpret_cast<Bytef*>(piece.data());
        zlib_.avail_out = static_cast<uInt>(piece.size());
        auto const result = inflate(&zlib_, Z_NO_FLUSH);
        member_ended_ = result == Z_STREAM_END;
        if (result == Z_BUF_ERROR) return undecodable("it ends too early");
        if (result == Z_MEM_ERROR)
            return failure{errc::out_of_memory, "there is no memory to decode the answer"};
        if (result != Z_OK && !member_ended_)
            return undecodable(zlib_.msg ? zlib_.msg : "it is damaged");
        return std::string_view{piece.data(), piece.size() - zlib_.avail_out};
    }

private:
    std::size_t left() const noexcept { return unread_.size() + zlib_.avail_in; }

    void take_share() noexcept {
        if (zlib_.avail_in > 0) return;
        auto const share = unread_.substr(0, largest_share);
        unread_.remove_prefix(share.size());
        // zlib never writes to what it reads.
        zlib_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(share.data()));
        zlib_.avail_in = static_cast<uInt>(share.size());
    }

    std::string_view unread_;
    z_stream zlib_{};
    bool begun_;
    bool member_ended_ = false;
};

outcome<std::string, failure> decode_gzip(std::string_view encoded, std::size_t most) {
    gzip_decoder decoder{encoded};
    if (!decoder.begun())
        return failure{errc::out_of_memory, "there is no memory to decode the answer"};
    std::string decoded;
    std::array<char, piece_bytes> piece;
    while (!decoder.at_end()) {
        auto const more = decoder.next(piece);
        if (!more) return more.error();
        if (more->size() > most - decoded.size()) return too_large(most);
        decoded += *more;
    }
    return decoded;
}

std::string_view without_blanks(std::string_view text) noexcept {
    auto const first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// The encodings of the body that leave it anything but itself.
std::vector<std::string_view> encodings_of(wire_response const& answer) {
    std::vector<std::string_view> found;
    for (auto const& each : answer.headers) {
        if (!iequals(each.name, "content-encoding")) continue;
        for (std::string_view rest = each.value; !rest.empty();) {
            auto const comma = std::min(rest.find(','), rest.size());
            auto const name = without_blanks(rest.substr(0, comma));
            rest.remove_prefix(std::min(comma + 1, rest.size()));
            if (!name.empty() && !iequals(name, "identity")) found.push_back(name);
        }
    }
    return found;
}

bool is_gzip(std::string_view name) {
    return iequals(name, "gzip") || iequals(name, "x-gzip");
}

failure unknown(std::vector<std::string_view> const& encodings) {
    if (encodings.size() > 1)
        return failure{errc::malformed_response,
                       "the body of the answer is encoded more than once"};
    auto const name = encodings.front();
    auto const fit =
        name.size() <= longest_name &&
        std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    return failure{errc::malformed_response,
                   "the body of the answer is in an encoding that nobody asked for" +
                       (fit ? ": \"" + std::string{name} + "\"" : "")};
}

bool speaks_of_encoded_body(header_field const& field) {
    return iequals(field.name, "content-encoding") || iequals(field.name, "content-length");
}

} // namespace

outcome<void, failure> decode_body(wire_response& answer, std::size_t most) {
    constexpr int partial_content = 206;
    if (answer.body.empty() || answer.status == partial_content) return {};
    auto const encodings = encodings_of(answer);
    if (encodings.empty()) return {};
    if (encodings.size() > 1 || !is_gzip(encodings.front())) return unknown(encodings);
    auto decoded = decode_gzip(answer.body, most);
    if (!decoded) return std::move(decoded).error();
    answer.body = std::move(*decoded);
    std::erase_if(answer.headers, speaks_of_encoded_body);
    return {};
}

} // namespace bctrl
