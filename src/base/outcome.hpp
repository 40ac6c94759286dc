#pragma once

#include "base/boxed.hpp"

#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>
#include <variant>

namespace bctrl {

namespace detail {

/// What is larger is kept on the heap: an outcome lies in every frame that it passes, and in that of
/// whoever waits for it.
inline constexpr std::size_t most_in_place = 32;

template <class T>
inline constexpr bool is_large = sizeof(T) > most_in_place;

template <class T>
using kept = std::conditional_t<is_large<T>, boxed<T>, T>;

/// What is kept, wherever that is.
template <class T, class Kept>
auto& in(Kept& kept) noexcept {
    if constexpr (is_large<T>)
        return *kept;
    else
        return kept;
}

} // namespace detail

/// A value or the reason why there is none. Inside the library failures travel as values;
/// exceptions are made at the public edge only.
///
/// Converts implicitly from a value and from an error, so `return value;` and `return failure{…};`
/// both read naturally.
/// @pre `T` and `E` are different types.
template <class T, class E>
class [[nodiscard]] outcome {
    static_assert(!std::is_same_v<T, E>);

public:
    using value_type = T;
    using error_type = E;

    /// A value as constructed by default, where it is kept.
    explicit outcome(std::in_place_t) : state_{std::in_place_index<0>} {}
    outcome(T value) : state_{std::in_place_index<0>, std::move(value)} {}
    /// A large value, kept where it lies.
    /// @pre `value` is not null
    outcome(std::unique_ptr<T> value) noexcept requires detail::is_large<T>
        : state_{std::in_place_index<0>, std::move(value)} {}
    outcome(E error) : state_{std::in_place_index<1>, std::move(error)} {}

    bool has_value() const noexcept { return state_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }

    /// @pre `has_value()`
    T& value() & noexcept { return detail::in<T>(*std::get_if<0>(&state_)); }
    T const& value() const& noexcept { return detail::in<T>(*std::get_if<0>(&state_)); }
    T&& value() && noexcept { return std::move(value()); }

    T& operator*() & noexcept { return value(); }
    T const& operator*() const& noexcept { return value(); }
    T&& operator*() && noexcept { return std::move(*this).value(); }
    /// The value on the heap: where it is kept, if it is large.
    /// @pre `has_value()`
    std::unique_ptr<T> take() && {
        if constexpr (detail::is_large<T>)
            return std::move(*std::get_if<0>(&state_)).take();
        else
            return std::make_unique<T>(std::move(value()));
    }

    /// The same value, kept where it is, in an outcome that fails in another way.
    /// @pre `has_value()`
    template <class Other>
    outcome<T, Other> failing_with() && noexcept {
        return std::move(*this).take();
    }

    T* operator->() noexcept { return &value(); }
    T const* operator->() const noexcept { return &value(); }

    /// @pre `!has_value()`
    E& error() & noexcept { return detail::in<E>(*std::get_if<1>(&state_)); }
    E const& error() const& noexcept { return detail::in<E>(*std::get_if<1>(&state_)); }
    E&& error() && noexcept { return std::move(error()); }

private:
    std::variant<detail::kept<T>, detail::kept<E>> state_;
};

/// Success without a value, or the reason of a failure.
template <class E>
class [[nodiscard]] outcome<void, E> {
public:
    using value_type = void;
    using error_type = E;

    outcome() noexcept = default;
    outcome(E error) : state_{std::in_place_index<1>, std::move(error)} {}

    bool has_value() const noexcept { return state_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }

    /// @pre `!has_value()`
    E& error() & noexcept { return detail::in<E>(*std::get_if<1>(&state_)); }
    E const& error() const& noexcept { return detail::in<E>(*std::get_if<1>(&state_)); }
    E&& error() && noexcept { return std::move(error()); }

private:
    std::variant<std::monostate, detail::kept<E>> state_;
};

} // namespace bctrl
