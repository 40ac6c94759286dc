#include "emulator/model/json_text.hpp"

#include <boost/json/parse.hpp>

namespace bctrl::emulator {

std::optional<boost::json::value> parse_json(std::string_view text) {
    boost::json::parse_options options;
    options.max_depth = 512;
    boost::json::error_code failure;
    auto value = boost::json::parse(text, failure, {}, options);
    if (failure) return std::nullopt;
    return value;
}

} // namespace bctrl::emulator
