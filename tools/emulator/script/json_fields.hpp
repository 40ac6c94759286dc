#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

namespace bctrl::emulator {

/// A script that cannot be used; `where()` is the JSON path of the fault, as in "life.steps[2].ms".
class script_fault : public std::runtime_error {
public:
    script_fault(std::string where, std::string const& what)
        : std::runtime_error{where.empty() ? what : where + " " + what}, where_{std::move(where)} {}

    std::string const& where() const { return where_; }

private:
    std::string where_;
};

/// Reads the members of one JSON object by name, and remembers which were read, so that a misspelt
/// member is an error and not a silent default. Absent and null are the same here.
class json_fields {
public:
    /// @throws script_fault if `value` is no object
    json_fields(boost::json::value const& value, std::string path);

    boost::json::value const* find(std::string_view name);
    std::optional<std::string> text(std::string_view name);
    std::optional<std::int64_t> count(std::string_view name, std::int64_t smallest,
                                      std::int64_t largest);
    std::optional<std::chrono::milliseconds> milliseconds(std::string_view name);
    boost::json::object const* object(std::string_view name);
    boost::json::array const* array(std::string_view name);

    /// The path of a member.
    std::string at(std::string_view name) const;

    /// @throws script_fault if a member was never read
    void refuse_others() const;

private:
    [[noreturn]] void refuse(std::string_view name, std::string const& what) const;

    boost::json::object const& object_;
    std::string path_;
    std::set<std::string_view> read_;
};

} // namespace bctrl::emulator
