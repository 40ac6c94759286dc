#pragma once

#include <memory>
#include <utility>

namespace bctrl {

/// A value that is kept on the heap and copied and moved like one in place: what lies in many
/// frames at a time must be small. Moved from, it may only be assigned to or destroyed.
template <class T>
class boxed {
public:
    boxed() : value_{std::make_unique<T>()} {}
    boxed(T value) : value_{std::make_unique<T>(std::move(value))} {}
    /// @pre `value` is not null
    boxed(std::unique_ptr<T> value) noexcept : value_{std::move(value)} {}
    boxed(boxed const& other) : value_{std::make_unique<T>(*other)} {}
    boxed(boxed&&) noexcept = default;
    boxed& operator=(boxed const& other) { return *this = boxed{other}; }
    boxed& operator=(boxed&&) noexcept = default;
    ~boxed() = default;

    T& operator*() noexcept { return *value_; }
    T const& operator*() const noexcept { return *value_; }

    std::unique_ptr<T> take() && noexcept { return std::move(value_); }

private:
    std::unique_ptr<T> value_;
};

} // namespace bctrl
