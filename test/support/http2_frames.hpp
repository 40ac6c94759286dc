#pragma once

#include <nghttp2/nghttp2.h>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bctrl::testing::http2 {

/// The frames of HTTP/2 (RFC 9113, section 6) as a server without manners writes them, byte by byte.
enum class frame_type : std::uint8_t {
    data = 0,
    headers = 1,
    priority = 2,
    rst_stream = 3,
    settings = 4,
    push_promise = 5,
    ping = 6,
    goaway = 7,
    window_update = 8,
    continuation = 9,
};

inline constexpr std::uint8_t end_stream = 0x1, acknowledges = 0x1, end_headers = 0x4, padded = 0x8;

struct frame {
    frame_type type;
    std::uint8_t flags = 0;
    std::int32_t stream = 0;
    std::string payload{};
};

using fields = std::vector<std::pair<std::string, std::string>>;

/// `value` in so many bytes, the highest first.
inline std::string number(std::uint64_t value, int bytes) {
    std::string text;
    for (int n = bytes - 1; n >= 0; --n)
        text += static_cast<char>((value >> (8 * n)) & 0xff);
    return text;
}

inline std::uint64_t number_in(std::string_view bytes) {
    std::uint64_t value = 0;
    for (auto const each : bytes)
        value = (value << 8) | static_cast<unsigned char>(each);
    return value;
}

inline std::string text_of(frame const& f) {
    return number(f.payload.size(), 3) + number(static_cast<std::uint8_t>(f.type), 1) +
           number(f.flags, 1) + number(static_cast<std::uint32_t>(f.stream), 4) + f.payload;
}

/// Takes all complete frames off the front of `bytes`.
inline std::vector<frame> take_frames(std::string& bytes) {
    constexpr std::size_t head = 9;
    std::vector<frame> found;
    std::string_view rest = bytes;
    while (rest.size() >= head) {
        auto const size = static_cast<std::size_t>(number_in(rest.substr(0, 3)));
        if (rest.size() < head + size) break;
        found.push_back({static_cast<frame_type>(rest[3]), static_cast<std::uint8_t>(rest[4]),
                         static_cast<std::int32_t>(number_in(rest.substr(5, 4)) & 0x7fffffff),
                         std::string{rest.substr(head, size)}});
        rest.remove_prefix(head + size);
    }
    bytes.erase(0, bytes.size() - rest.size());
    return found;
}

/// HPACK (RFC 7541) at its simplest: everything literal, nothing kept, no text beyond 16 KiB.
inline std::string header_block(fields const& all) {
    auto const text = [](std::string const& s) {
        constexpr std::size_t prefix = 0x7f;
        if (s.size() < prefix) return number(s.size(), 1) + s;
        auto left = s.size() - prefix;
        auto coded = number(prefix, 1);
        for (; left >= 0x80; left >>= 7)
            coded += static_cast<char>((left & 0x7f) | 0x80);
        return coded + static_cast<char>(left) + s;
    };
    std::string block;
    for (auto const& [name, value] : all)
        block.append(1, '\0').append(text(name)).append(text(value));
    return block;
}

inline std::string settings(std::vector<std::pair<int, std::uint32_t>> const& values = {}) {
    frame made{frame_type::settings};
    for (auto const& [id, value] : values)
        made.payload += number(static_cast<std::uint64_t>(id), 2) + number(value, 4);
    return text_of(made);
}
inline std::string settings_taken() {
    return text_of({frame_type::settings, acknowledges});
}
inline std::string headers(std::int32_t stream, fields const& all, bool ends = false) {
    return text_of({frame_type::headers,
                    static_cast<std::uint8_t>(end_headers | (ends ? end_stream : 0)), stream,
                    header_block(all)});
}
inline std::string data(std::int32_t stream, std::string bytes, bool ends = false) {
    return text_of(
        {frame_type::data, ends ? end_stream : std::uint8_t{0}, stream, std::move(bytes)});
}
inline std::string rst_stream(std::int32_t stream, std::uint32_t code) {
    return text_of({frame_type::rst_stream, 0, stream, number(code, 4)});
}
inline std::string goaway(std::int32_t last, std::uint32_t code, std::string const& text = {}) {
    return text_of({frame_type::goaway, 0, 0,
                    number(static_cast<std::uint32_t>(last), 4) + number(code, 4) + text});
}
inline std::string window_update(std::int32_t stream, std::uint32_t by) {
    return text_of({frame_type::window_update, 0, stream, number(by, 4)});
}
inline std::string ping(std::string const& eight_bytes, bool answers = false) {
    return text_of({frame_type::ping, answers ? acknowledges : std::uint8_t{0}, 0, eight_bytes});
}

/// Reads the header blocks of one connection, in their order.
class header_reader {
public:
    header_reader() {
        if (nghttp2_hd_inflate_new(&inflater_) != 0) throw std::bad_alloc{};
    }
    header_reader(header_reader const&) = delete;
    header_reader& operator=(header_reader const&) = delete;
    ~header_reader() { nghttp2_hd_inflate_del(inflater_); }

    fields read(std::string const& block) {
        fields found;
        auto const* next = reinterpret_cast<std::uint8_t const*>(block.data());
        auto left = block.size();
        for (int flags = 0; (flags & NGHTTP2_HD_INFLATE_FINAL) == 0;) {
            nghttp2_nv field{};
            auto const used = nghttp2_hd_inflate_hd2(inflater_, &field, &flags, next, left, 1);
            if (used < 0) throw std::runtime_error{"the header block is broken"};
            next += used;
            left -= static_cast<std::size_t>(used);
            if ((flags & NGHTTP2_HD_INFLATE_EMIT) == 0) continue;
            found.emplace_back(std::string{reinterpret_cast<char*>(field.name), field.namelen},
                               std::string{reinterpret_cast<char*>(field.value), field.valuelen});
        }
        nghttp2_hd_inflate_end_headers(inflater_);
        return found;
    }

private:
    nghttp2_hd_inflater* inflater_ = nullptr;
};

} // namespace bctrl::testing::http2
