#include "api/concealed_key.hpp"

#include "api/key_search.hpp"

#include <array>
#include <utility>

namespace bctrl {

namespace {

constexpr std::string_view in_its_place = "***";

/// Whether the key was found.
bool conceal_in(std::string& text, key_search const& key) {
    auto found = key.find(text, 0);
    if (!found) return false;
    std::string concealed;
    std::size_t kept_from = 0;
    for (; found; found = key.find(text, kept_from)) {
        concealed.append(text, kept_from, found->begin - kept_from).append(in_its_place);
        kept_from = found->begin + found->size;
    }
    concealed.append(text, kept_from);
    // What is left may make up the key anew with what replaced it.
    text = key.find(concealed, 0) ? std::string{in_its_place} : std::move(concealed);
    return true;
}

} // namespace

std::shared_ptr<key_search const> traces_of(std::string_view key) {
    if (key.size() < shortest_secret) return nullptr;
    return std::make_shared<key_search const>(key);
}

void conceal(error_details& details, key_search const* traces) {
    if (!traces) return;
    std::array const texts{&details.call,         &details.method,     &details.url,
                           &details.message,      &details.hint,       &details.code,
                           &details.reason_class, &details.request_id, &details.resource_id};
    for (auto* const each : texts)
        conceal_in(*each, *traces);
    auto json = details.details.text();
    if (conceal_in(json, *traces)) details.details = json_text::from(json).value_or(json_text{});
}

void conceal(error_details& details, std::string_view key) {
    conceal(details, traces_of(key).get());
}

void conceal(std::string& text, key_search const* traces) {
    if (traces) conceal_in(text, *traces);
}

void conceal(std::string& text, std::string_view key) {
    conceal(text, traces_of(key).get());
}

} // namespace bctrl
