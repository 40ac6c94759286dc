#pragma once

#include "base/clock.hpp"

#include <cstddef>
#include <optional>

namespace bctrl::net {

/// How long an attempt may keep the next address waiting (RFC 8305, section 8).
inline constexpr milliseconds attempt_delay{250};

/// The decisions of one race over addresses (RFC 8305, section 5): which attempt begins, and when.
/// An address that is slow gets company; one that fails is followed at once. Knows no socket and no
/// clock.
class race_plan {
public:
    explicit race_plan(std::size_t addresses) noexcept : left_{addresses} {}

    /// The number of the address to begin with now, counted from 0, if the time for it has come.
    std::optional<std::size_t> begin(steady_time now) noexcept {
        if (left_ == 0 || now < next_at_) return std::nullopt;
        --left_;
        ++under_way_;
        next_at_ = later(now, attempt_delay);
        return begun_++;
    }

    /// An attempt has failed.
    void failed() noexcept {
        --under_way_;
        next_at_ = {};
    }

    /// No attempt can be begun any more; those under way go on.
    void begin_no_more() noexcept { left_ = 0; }

    /// When the next attempt is due if nothing happens until then; nothing if there is none.
    std::optional<steady_time> next_at() const noexcept {
        if (left_ == 0) return std::nullopt;
        return next_at_;
    }

    bool lost() const noexcept { return left_ == 0 && under_way_ == 0; }

private:
    std::size_t left_;
    std::size_t begun_ = 0;
    std::size_t under_way_ = 0;
    steady_time next_at_{};
};

} // namespace bctrl::net
