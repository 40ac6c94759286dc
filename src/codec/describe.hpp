#pragma once

#include "codec/descriptor.hpp"

#include <bctrl/open_enum.hpp>
#include <bctrl/optional_nullable.hpp>
#include <bctrl/timestamp.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Makes a type_descriptor out of one list of members:
///
///     template <> struct description<fix> {
///         static constexpr member_descriptor members[] = {
///             member<&fix::command>("command"), member<&fix::title>("title"), …};
///     };
///
/// Whether a member is required and what null means follows from its C++ type; `required_nullable`,
/// `defaulted`, `unless_empty` and `any_json` say what a type cannot.
namespace bctrl::codec {

template <class T>
struct description;

// ---- how a struct's member holds its value
// ---------------------------------------------------------

template <class Held>
struct holder {
    using value_type = Held;
    static constexpr bool required = true;
    static constexpr auto on_null = null_rule::refused;
    static void* engage(Held& held) { return &held; }
    static member_view view(Held const& held) { return {member_state::set, &held}; }
};

template <class T>
struct holder<std::optional<T>> {
    using value_type = T;
    static constexpr bool required = false;
    static constexpr auto on_null = null_rule::as_absent;
    static void* engage(std::optional<T>& held) { return &held.emplace(); }
    static member_view view(std::optional<T> const& held) {
        if (!held) return {member_state::absent, nullptr};
        return {member_state::set, &*held};
    }
};

template <class T>
struct holder<optional_nullable<T>> {
    using value_type = T;
    static constexpr bool required = false;
    static constexpr auto on_null = null_rule::as_null;
    static void* engage(optional_nullable<T>& held) { return &held.emplace(); }
    static void make_null(optional_nullable<T>& held) { held = nullptr; }
    static member_view view(optional_nullable<T> const& held) {
        if (held.is_absent()) return {member_state::absent, nullptr};
        if (held.is_null()) return {member_state::null, nullptr};
        return {member_state::set, held.get_if()};
    }
};

/// Required, and null where the others are absent.
template <class Optional>
struct required_nullable_holder {
    using value_type = typename Optional::value_type;
    static constexpr bool required = true;
    static constexpr auto on_null = null_rule::as_null;
    static void* engage(Optional& held) { return &held.emplace(); }
    static void make_null(Optional& held) { held.reset(); }
    static member_view view(Optional const& held) {
        if (!held) return {member_state::null, nullptr};
        return {member_state::set, &*held};
    }
};

/// Optional to read, always written.
template <class Held>
struct defaulted_holder : holder<Held> {
    static constexpr bool required = false;
    static constexpr auto on_null = null_rule::as_absent;
};

/// Optional; empty means absent.
template <class Held>
struct unless_empty_holder : holder<Held> {
    static constexpr bool required = false;
    static constexpr auto on_null = null_rule::as_absent;
    static member_view view(Held const& held) {
        if (held.empty()) return {member_state::absent, nullptr};
        return {member_state::set, &held};
    }
};

/// Optional; empty means absent, and null is JSON like any other.
struct any_json_holder : unless_empty_holder<json_text> {
    static constexpr auto on_null = null_rule::as_value;
};

// ---- types
// ------------------------------------------------------------------------------------------

template <class T>
consteval type_descriptor describe_type();

template <class T>
inline constexpr type_descriptor type_of = describe_type<T>();

template <class T>
struct text_of_type;

template <>
struct text_of_type<std::string> {
    static void assign(void* value, std::string_view text) {
        // Exactly as large as the text; an assignment would make room for more.
        *static_cast<std::string*>(value) = std::string{text};
    }
    static std::string_view view(void const* value) {
        return *static_cast<std::string const*>(value);
    }
};

template <>
struct text_of_type<timestamp> {
    static void assign(void* value, std::string_view text) {
        *static_cast<timestamp*>(value) = timestamp{std::string{text}};
    }
    static std::string_view view(void const* value) {
        return static_cast<timestamp const*>(value)->text();
    }
};

template <class E>
struct text_of_type<open_enum<E>> {
    static void assign(void* value, std::string_view text) {
        *static_cast<open_enum<E>*>(value) = open_enum<E>{text};
    }
    static std::string_view view(void const* value) {
        return static_cast<open_enum<E> const*>(value)->text();
    }
};

template <class T>
inline constexpr text_access text_access_of{&text_of_type<T>::assign, &text_of_type<T>::view};

template <class T>
struct array_of_type;

template <class T>
struct array_of_type<std::vector<T>> {
    using array = std::vector<T>;
    static void* append(void* value) { return &static_cast<array*>(value)->emplace_back(); }
    static std::size_t size(void const* value) { return static_cast<array const*>(value)->size(); }
    static void const* at(void const* value, std::size_t index) {
        return &(*static_cast<array const*>(value))[index];
    }
};

template <class T>
inline constexpr array_access array_access_of{
    &type_of<typename array_of_type<T>::array::value_type>, &array_of_type<T>::append,
    &array_of_type<T>::size, &array_of_type<T>::at};

template <class T>
concept checked_type = requires(T const& object) {
    description<T>::check(object);
};

template <class T>
struct object_of_type {
    static std::vector<json_member>& others(void* object) {
        return static_cast<T*>(object)->other_members;
    }
    static std::vector<json_member> const& others_of(void const* object) {
        return static_cast<T const*>(object)->other_members;
    }
    static object_flaw check(void const* object) requires checked_type<T> {
        return description<T>::check(*static_cast<T const*>(object));
    }
};

consteval std::uint64_t required_among(std::span<member_descriptor const> members) {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < members.size(); ++i)
        if (members[i].required) bits |= std::uint64_t{1} << i;
    return bits;
}

template <class T>
consteval object_access describe_object() {
    using functions = object_of_type<T>;
    static_assert(std::size(description<T>::members) <= 64, "the reader tracks members in 64 bits");
    std::span<member_descriptor const> const members{description<T>::members};
    object_flaw (*check)(void const*) = nullptr;
    if constexpr (checked_type<T>) check = &functions::check;
    return {members, required_among(members), &functions::others, &functions::others_of, check};
}

template <class T>
inline constexpr object_access object_access_of = describe_object<T>();

template <class T>
concept text_type = requires {
    &text_of_type<T>::assign;
};

template <class T>
concept array_type = requires {
    typename array_of_type<T>::array;
};

template <class T>
consteval type_descriptor describe_type() {
    if constexpr (std::same_as<T, bool>) {
        return {.kind = shape::boolean};
    } else if constexpr (std::same_as<T, std::int64_t>) {
        return {.kind = shape::integer};
    } else if constexpr (std::same_as<T, json_text>) {
        return {.kind = shape::free_json};
    } else if constexpr (text_type<T>) {
        return {.kind = shape::text, .text = &text_access_of<T>};
    } else if constexpr (array_type<T>) {
        return {.kind = shape::array, .array = &array_access_of<T>};
    } else {
        return {.kind = shape::object, .object = &object_access_of<T>};
    }
}

// ---- members
// ----------------------------------------------------------------------------------------

template <auto Member>
struct member_pointer;

template <class Owner, class Held, Held Owner::*Member>
struct member_pointer<Member> {
    using held_type = Held;
    static Held& in(void* object) { return static_cast<Owner*>(object)->*Member; }
    static Held const& in(void const* object) { return static_cast<Owner const*>(object)->*Member; }
};

template <auto Member, class Holder>
struct member_functions {
    using pointer = member_pointer<Member>;
    static void* engage(void* object) { return Holder::engage(pointer::in(object)); }
    static void make_null(void* object) { Holder::make_null(pointer::in(object)); }
    static member_view view(void const* object) { return Holder::view(pointer::in(object)); }
};

template <auto Member, class Holder>
consteval member_descriptor describe_member(std::string_view name) {
    using functions = member_functions<Member, Holder>;
    void (*make_null)(void*) = nullptr;
    if constexpr (Holder::on_null == null_rule::as_null) make_null = &functions::make_null;
    return {name,
            &type_of<typename Holder::value_type>,
            Holder::required,
            Holder::on_null,
            &functions::engage,
            make_null,
            &functions::view};
}

template <auto Member>
using held_by = typename member_pointer<Member>::held_type;

template <auto Member>
consteval member_descriptor member(std::string_view name) {
    return describe_member<Member, holder<held_by<Member>>>(name);
}

template <auto Member>
consteval member_descriptor required_nullable(std::string_view name) {
    return describe_member<Member, required_nullable_holder<held_by<Member>>>(name);
}

template <auto Member>
consteval member_descriptor defaulted(std::string_view name) {
    return describe_member<Member, defaulted_holder<held_by<Member>>>(name);
}

template <auto Member>
consteval member_descriptor unless_empty(std::string_view name) {
    return describe_member<Member, unless_empty_holder<held_by<Member>>>(name);
}

template <auto Member>
consteval member_descriptor any_json(std::string_view name) {
    return describe_member<Member, any_json_holder>(name);
}

} // namespace bctrl::codec
