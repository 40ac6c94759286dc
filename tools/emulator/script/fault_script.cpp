#include "emulator/script/fault_script.hpp"

#include "emulator/script/json_fields.hpp"

#include <array>
#include <limits>
#include <string_view>

namespace bctrl::emulator {
namespace {

constexpr auto any_count = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t last_stream_id = std::numeric_limits<std::int32_t>::max();

/// As RFC 9113 names them, in the order of their numbers.
constexpr std::array<std::string_view, 14> error_names{"NO_ERROR",
                                                       "PROTOCOL_ERROR",
                                                       "INTERNAL_ERROR",
                                                       "FLOW_CONTROL_ERROR",
                                                       "SETTINGS_TIMEOUT",
                                                       "STREAM_CLOSED",
                                                       "FRAME_SIZE_ERROR",
                                                       "REFUSED_STREAM",
                                                       "CANCEL",
                                                       "COMPRESSION_ERROR",
                                                       "CONNECT_ERROR",
                                                       "ENHANCE_YOUR_CALM",
                                                       "INADEQUATE_SECURITY",
                                                       "HTTP_1_1_REQUIRED"};

http2_error read_code(json_fields& fields, http2_error otherwise) {
    auto const name = fields.text("code");
    if (!name) return otherwise;
    for (std::uint32_t number = 0; number < error_names.size(); ++number)
        if (error_names[number] == *name) return static_cast<http2_error>(number);
    throw script_fault{fields.at("code"), "must be an error of HTTP/2, like CANCEL"};
}

reset_waits read_reset(json_fields& fields) {
    reset_waits made;
    made.code = read_code(fields, made.code);
    if (auto const at_most = fields.count("atMost", 0, any_count))
        made.at_most = static_cast<std::size_t>(*at_most);
    return made;
}

after_go_away read_after(json_fields& fields) {
    auto const text = fields.text("then").value_or("finish");
    if (text == "finish") return after_go_away::finish;
    if (text == "close") return after_go_away::close;
    if (text == "stay") return after_go_away::stay;
    throw script_fault{fields.at("then"), "must be finish, close or stay"};
}

go_away read_go_away(json_fields& fields) {
    go_away made;
    made.code = read_code(fields, made.code);
    made.then = read_after(fields);
    auto const last = fields.count("lastStreamId", 0, last_stream_id);
    if (!last) return made;
    if (*last != 0 && *last % 2 == 0)
        throw script_fault{fields.at("lastStreamId"),
                           "must be 0 or odd, as a client's streams are"};
    made.last_stream = static_cast<std::int32_t>(*last);
    return made;
}

limit_streams read_limit(json_fields& fields) {
    limit_streams made;
    auto const at_most = fields.count("atMost", 0, std::numeric_limits<std::uint32_t>::max());
    if (!at_most) throw script_fault{fields.at("atMost"), "is missing"};
    made.at_most = static_cast<std::uint32_t>(*at_most);
    return made;
}

connection_fault read_what(json_fields& fields) {
    auto const name = fields.text("fault").value_or("");
    if (name == "resetWaits") return read_reset(fields);
    if (name == "goAway") return read_go_away(fields);
    if (name == "stall") return stall{};
    if (name == "resume") return resume{};
    if (name == "limitStreams") return read_limit(fields);
    throw script_fault{fields.at("fault"),
                       "must be resetWaits, goAway, stall, resume or limitStreams"};
}

} // namespace

wanted_fault read_fault(boost::json::value const& body) {
    json_fields fields{body, ""};
    wanted_fault made;
    made.what = read_what(fields);
    if (auto const number = fields.count("connection", 1, any_count))
        made.connection = static_cast<std::uint64_t>(*number);
    fields.refuse_others();
    return made;
}

} // namespace bctrl::emulator
