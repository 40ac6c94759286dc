#pragma once

#include <bctrl/json_text.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The description of a type, as the reader and the writer see it: without its type. describe.hpp
/// makes these out of one list of members per struct. All `void*` point to an object of the
/// described type.
namespace bctrl::codec {

struct type_descriptor;

enum class shape : std::uint8_t { object, array, text, integer, boolean, free_json };

/// How a value that travels as a JSON string gets in and out of its object.
struct text_access {
    void (*assign)(void* value, std::string_view text);
    std::string_view (*view)(void const* value);
};

struct array_access {
    type_descriptor const* element;
    void* (*append)(void* array);
    std::size_t (*size)(void const* array);
    void const* (*at)(void const* array, std::size_t index);
};

/// What a null in the place of a value means.
enum class null_rule : std::uint8_t {
    refused,
    as_absent, ///< the member stays absent
    as_null,   ///< the member is null, which is not absent
    as_value,  ///< the value itself may be null
};

enum class member_state : std::uint8_t { absent, null, set };

struct member_view {
    member_state state;
    void const* value; ///< only if set
};

struct member_descriptor {
    std::string_view name;
    type_descriptor const* type;
    bool required;
    null_rule on_null;
    void* (*engage)(void* object);   ///< makes the member set and says where its value is
    void (*make_null)(void* object); ///< only for null_rule::as_null
    member_view (*view)(void const* object);
};

/// What is wrong with an object whose members are each right. Empty message: nothing.
struct object_flaw {
    std::string_view member; ///< where; empty for the object itself
    std::string_view message;
};

struct object_access {
    std::span<member_descriptor const> members;
    std::uint64_t required; ///< one bit for each member, in their order
    std::vector<json_member>& (*others)(void* object);
    std::vector<json_member> const& (*others_of)(void const* object);
    object_flaw (*check)(void const* object); ///< null if there is nothing to check
};

/// Exactly one of the three pointers is set for objects, arrays and texts, none for the other
/// shapes.
struct type_descriptor {
    shape kind;
    object_access const* object = nullptr;
    array_access const* array = nullptr;
    text_access const* text = nullptr;
};

/// How many objects and arrays lie inside one another at most; free JSON does not count.
constexpr std::size_t nesting_of(type_descriptor const& type) {
    if (type.kind == shape::array) return 1 + nesting_of(*type.array->element);
    if (type.kind != shape::object) return 0;
    std::size_t deepest = 0;
    for (auto const& member : type.object->members) {
        auto const below = nesting_of(*member.type);
        if (below > deepest) deepest = below;
    }
    return 1 + deepest;
}

/// The only way to fill a json_text without checking it again.
class json_text_access {
public:
    static json_text make(std::string valid_compact_text) noexcept {
        return json_text{std::move(valid_compact_text)};
    }
    static void assign(json_text& target, std::string_view valid_compact_text) {
        target.text_ = valid_compact_text;
    }
};

} // namespace bctrl::codec
