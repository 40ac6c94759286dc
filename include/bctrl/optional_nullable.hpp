#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>
#include <variant>

namespace bctrl {

/// A member that the API may leave out, send as null, or set: three different things, told apart.
/// Used like std::optional by those who do not care which of the first two it is.
/// @par Thread safety  As for `T`.
template <class T>
class optional_nullable {
public:
    using value_type = T;

    /// Absent: the document has no such member.
    optional_nullable() noexcept = default;

    /// Null: the document has the member, and it is null.
    optional_nullable(std::nullptr_t) noexcept : state_{nullptr} {}

    /// Set.
    template <class U = T>
    requires(!std::same_as<std::remove_cvref_t<U>, optional_nullable> &&
             !std::same_as<std::remove_cvref_t<U>, std::nullptr_t> && std::convertible_to<U, T>)
        optional_nullable(U&& value)
        : state_{std::in_place_index<2>, std::forward<U>(value)} {}

    bool is_absent() const noexcept { return state_.index() == 0; }
    bool is_null() const noexcept { return state_.index() == 1; }
    bool has_value() const noexcept { return state_.index() == 2; }
    explicit operator bool() const noexcept { return has_value(); }

    /// The value, or a null pointer if there is none.
    T* get_if() noexcept { return std::get_if<2>(&state_); }
    T const* get_if() const noexcept { return std::get_if<2>(&state_); }

    /// The value.
    /// @throws std::bad_variant_access if there is none.
    T& value() & { return std::get<2>(state_); }
    T const& value() const& { return std::get<2>(state_); }
    T&& value() && { return std::get<2>(std::move(state_)); }

    /// The value.
    /// @pre `has_value()`
    T& operator*() & noexcept { return *get_if(); }
    T const& operator*() const& noexcept { return *get_if(); }
    T&& operator*() && noexcept { return std::move(*get_if()); }
    T* operator->() noexcept { return get_if(); }
    T const* operator->() const noexcept { return get_if(); }

    /// The value, or `fallback` if the member is absent or null.
    template <class U>
    T value_or(U&& fallback) const& {
        if (has_value()) return **this;
        return static_cast<T>(std::forward<U>(fallback));
    }
    template <class U>
    T value_or(U&& fallback) && {
        if (has_value()) return *std::move(*this);
        return static_cast<T>(std::forward<U>(fallback));
    }

    /// Makes the member set, with a value made of `arguments`.
    template <class... Arguments>
    T& emplace(Arguments&&... arguments) {
        return state_.template emplace<2>(std::forward<Arguments>(arguments)...);
    }

    /// Makes the member absent.
    void reset() noexcept { state_.template emplace<0>(); }

    /// Equal if both are absent, both are null, or both are set to equal values.
    friend bool operator==(optional_nullable const&, optional_nullable const&) = default;

    /// Whether the member is null; an absent one is not.
    friend bool operator==(optional_nullable const& member, std::nullptr_t) noexcept {
        return member.is_null();
    }

    /// Whether the member is set, and to `value`.
    template <class U>
    requires(!std::same_as<U, optional_nullable> && !std::same_as<U, std::nullptr_t> &&
             requires(T const& left, U const& right) {
                 static_cast<bool>(left == right);
             }) friend bool
    operator==(optional_nullable const& member, U const& value) {
        return member.has_value() && *member == value;
    }

private:
    std::variant<std::monostate, std::nullptr_t, T> state_;
};

} // namespace bctrl
