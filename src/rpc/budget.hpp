#pragma once

#include "base/clock.hpp"

#include <bctrl/retry_policy.hpp>

namespace bctrl::rpc {

/// How many retries a client may make in all: a bucket of tokens. Knows no timer; it is told when.
class budget {
public:
    budget(retry_budget const& size, steady_time now) noexcept
        : size_{size}, tokens_{size.tokens}, filled_{now} {}

    /// A call has succeeded.
    void call_succeeded() noexcept;

    /// Takes the token of one retry. False if there is none.
    bool take(steady_time now) noexcept;

    double tokens() const noexcept { return tokens_; }

private:
    retry_budget size_;
    double tokens_;
    steady_time filled_;
};

} // namespace bctrl::rpc
