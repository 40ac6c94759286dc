#include "transport/http2/reset_code.hpp"

#include <array>
#include <string_view>

namespace bctrl::http2 {

namespace {

constexpr std::array<std::string_view, 14> names{"NO_ERROR",
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

} // namespace

std::string text_of(reset_code code) {
    auto const number = static_cast<std::uint32_t>(code);
    if (number < names.size()) return std::string{names[number]};
    return "error " + std::to_string(number);
}

} // namespace bctrl::http2
