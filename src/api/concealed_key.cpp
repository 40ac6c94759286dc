#include "api/concealed_key.hpp"

#include <array>

namespace bctrl {

namespace {

constexpr std::string_view in_its_place = "***";

/// Whether `key` was found.
bool conceal_in(std::string& text, std::string_view key) {
    auto at = text.find(key);
    if (at == std::string::npos) return false;
    for (; at != std::string::npos; at = text.find(key, at + in_its_place.size()))
        text.replace(at, key.size(), in_its_place);
    return true;
}

} // namespace

void conceal(error_details& details, std::string_view key) {
    if (key.size() < shortest_secret) return;
    std::array const texts{&details.message,      &details.hint,       &details.code,
                           &details.reason_class, &details.request_id, &details.url,
                           &details.resource_id};
    for (auto* const each : texts)
        conceal_in(*each, key);
    auto json = details.details.text();
    if (conceal_in(json, key)) details.details = json_text::from(json).value_or(json_text{});
}

void conceal(std::string& text, std::string_view key) {
    if (key.size() >= shortest_secret) conceal_in(text, key);
}

} // namespace bctrl
