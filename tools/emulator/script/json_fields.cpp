#include "emulator/script/json_fields.hpp"

#include <boost/json/array.hpp>

#include <cmath>
#include <limits>

namespace bctrl::emulator {
namespace {

namespace json = boost::json;

json::object const& object_in(json::value const& value, std::string const& path) {
    if (value.is_object()) return value.get_object();
    throw script_fault{path.empty() ? "the body" : path, "must be an object"};
}

/// Whole numbers may be written as `3.0`.
std::optional<std::int64_t> whole_number(json::value const& value) {
    constexpr double largest_exact = 9007199254740992.0;
    if (value.is_int64()) return value.get_int64();
    if (!value.is_double()) return std::nullopt;
    auto const number = value.get_double();
    if (std::trunc(number) != number || std::abs(number) > largest_exact) return std::nullopt;
    return static_cast<std::int64_t>(number);
}

} // namespace

json_fields::json_fields(json::value const& value, std::string path)
    : object_{object_in(value, path)}, path_{std::move(path)} {}

std::string json_fields::at(std::string_view name) const {
    return path_.empty() ? std::string{name} : path_ + "." + std::string{name};
}

void json_fields::refuse(std::string_view name, std::string const& what) const {
    throw script_fault{at(name), what};
}

json::value const* json_fields::find(std::string_view name) {
    read_.insert(name);
    auto const* value = object_.if_contains(name);
    return value == nullptr || value->is_null() ? nullptr : value;
}

std::optional<std::string> json_fields::text(std::string_view name) {
    auto const* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_string()) refuse(name, "must be a string");
    return std::string{value->get_string()};
}

std::optional<std::int64_t> json_fields::count(std::string_view name, std::int64_t smallest,
                                               std::int64_t largest) {
    auto const* value = find(name);
    if (value == nullptr) return std::nullopt;
    auto const number = whole_number(*value);
    if (number && *number >= smallest && *number <= largest) return number;
    auto const bounds = largest == std::numeric_limits<std::int64_t>::max()
                            ? "of at least " + std::to_string(smallest)
                            : "from " + std::to_string(smallest) + " to " + std::to_string(largest);
    refuse(name, "must be a whole number " + bounds);
}

std::optional<std::chrono::milliseconds> json_fields::milliseconds(std::string_view name) {
    constexpr std::int64_t thirty_days = std::chrono::milliseconds{std::chrono::days{30}}.count();
    auto const number = count(name, 0, thirty_days);
    if (!number) return std::nullopt;
    return std::chrono::milliseconds{*number};
}

json::object const* json_fields::object(std::string_view name) {
    auto const* value = find(name);
    if (value == nullptr) return nullptr;
    if (!value->is_object()) refuse(name, "must be an object");
    return &value->get_object();
}

json::array const* json_fields::array(std::string_view name) {
    auto const* value = find(name);
    if (value == nullptr) return nullptr;
    if (!value->is_array()) refuse(name, "must be an array");
    return &value->get_array();
}

void json_fields::refuse_others() const {
    for (auto const& member : object_) {
        if (!read_.contains(member.key())) refuse(member.key(), "is not known here");
    }
}

} // namespace bctrl::emulator
