#pragma once

#include <bctrl/error.hpp>
#include <bctrl/invocation.hpp>
#include <bctrl/operation.hpp>

#include <memory>
#include <ranges>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace bctrl {

/// The kinds of durable work.
enum class durable_kind : unsigned char { operation, invocation };

/// Names a piece of durable work.
struct work_id {
    durable_kind kind;
    std::string id;

    work_id(durable_kind of_kind, std::string called) noexcept
        : kind{of_kind}, id{std::move(called)} {}

    friend bool operator==(work_id const&, work_id const&) = default;
};

/// Names work of one kind, one for each id.
/// @par Thread safety  Safe from any thread.
template <std::ranges::input_range Ids>
std::vector<work_id> works_of(durable_kind kind, Ids&& ids) {
    std::vector<work_id> works;
    if constexpr (std::ranges::sized_range<Ids>) works.reserve(std::ranges::size(ids));
    for (auto&& id : ids)
        works.emplace_back(kind, std::string{id});
    return works;
}

/// How the wait for one of many ended: with the work, with the time given to it, or with an error.
struct ended_work {
    explicit ended_work(work_id of) noexcept : work{std::move(of)} {}

    work_id work;
    std::string note; ///< what it was added with

    /// The ended work, or the last state seen when `timed_out_waiting`; nothing after an error.
    std::variant<std::monostate, bctrl::operation, bctrl::invocation> state;
    bool timed_out_waiting = false; ///< the wait ran out of time, and the work goes on

    error_code error; ///< why the wait failed; success if it did not
    /// Of the error; null if there is nothing to tell.
    std::shared_ptr<error_details const> details;

    /// Where the work stands; unknown after an error.
    durable_status status() const noexcept;

    /// The work was done, and well.
    bool succeeded() const noexcept { return status() == durable_status::succeeded; }

    /// The operation; null if it is no operation, or after an error.
    bctrl::operation const* operation() const noexcept {
        return std::get_if<bctrl::operation>(&state);
    }
    /// The invocation; null if it is no invocation, or after an error.
    bctrl::invocation const* invocation() const noexcept {
        return std::get_if<bctrl::invocation>(&state);
    }
};

} // namespace bctrl
