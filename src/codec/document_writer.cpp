#include "codec/document_writer.hpp"

#include "codec/json_string.hpp"

#include <charconv>

namespace bctrl::codec {
namespace {

void append_integer(std::string& out, std::int64_t value) {
    char digits[20];
    auto const end = std::to_chars(std::begin(digits), std::end(digits), value).ptr;
    out.append(digits, end);
}

/// A place that must hold JSON and has none holds null.
void append_free_json(std::string& out, json_text const& value) {
    out += value.empty() ? std::string_view{"null"} : std::string_view{value.text()};
}

/// The names in descriptions hold nothing to escape.
void append_name(std::string& out, std::string_view name) {
    out += '"';
    out += name;
    out += "\":";
}

/// Separates the members of an object or the elements of an array.
class separator {
public:
    void write_to(std::string& out) {
        if (!first_) out += ',';
        first_ = false;
    }

private:
    bool first_ = true;
};

void write_array(std::string& out, array_access const& access, void const* array) {
    out += '[';
    separator comma;
    for (std::size_t i = 0; i < access.size(array); ++i) {
        comma.write_to(out);
        write_value(out, *access.element, access.at(array, i));
    }
    out += ']';
}

void write_object(std::string& out, object_access const& access, void const* object) {
    out += '{';
    separator comma;
    for (auto const& member : access.members) {
        auto const seen = member.view(object);
        if (seen.state == member_state::absent) continue;
        comma.write_to(out);
        append_name(out, member.name);
        if (seen.state == member_state::null) {
            out += "null";
        } else {
            write_value(out, *member.type, seen.value);
        }
    }
    for (auto const& other : access.others_of(object)) {
        comma.write_to(out);
        append_repaired_json_string(out, other.name);
        out += ':';
        append_free_json(out, other.value);
    }
    out += '}';
}

} // namespace

void write_value(std::string& out, type_descriptor const& type, void const* value) {
    switch (type.kind) {
        case shape::object:
            return write_object(out, *type.object, value);
        case shape::array:
            return write_array(out, *type.array, value);
        case shape::text:
            return append_repaired_json_string(out, type.text->view(value));
        case shape::integer:
            return append_integer(out, *static_cast<std::int64_t const*>(value));
        case shape::boolean:
            out += *static_cast<bool const*>(value) ? "true" : "false";
            return;
        case shape::free_json:
            return append_free_json(out, *static_cast<json_text const*>(value));
    }
}

} // namespace bctrl::codec
