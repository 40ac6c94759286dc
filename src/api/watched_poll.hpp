#pragma once

#include "api/durable_poll.hpp"

#include <bctrl/durable_watch.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace bctrl {

/// What a watch tells changes of.
struct watched_state {
    open_enum<durable_status> status;
    optional_nullable<bctrl::progress> progress;
    optional_nullable<std::string> current_call;
    optional_nullable<timestamp> cancel_requested_at;

    friend bool operator==(watched_state const&, watched_state const&) = default;
};

inline watched_state watched_state_of(operation const& of) {
    return {of.status, of.progress, of.current_call, of.cancel_requested_at};
}
inline watched_state watched_state_of(invocation const& of) {
    // Its current call is part of its progress.
    return {of.status, of.progress, {}, of.cancel_requested_at};
}

/// Where a watch stands. Used on the client's strand only.
template <class Resource>
struct detail::watched_work {
    std::string id;
    watch_options options;
    std::optional<watched_state> told; ///< what the reader knows
    steady_time next_look{};           ///< not before
    bool over = false;                 ///< the reader knows the end
};

/// The polls of a watch, until they have seen a change or the end.
template <class Resource>
class watched_poll final : public durable_poll<Resource> {
public:
    watched_poll(wait_desk& desk, std::unique_ptr<wait_terms const> terms,
                 std::shared_ptr<detail::watched_work<Resource>> work)
        : durable_poll<Resource>{desk, work->id, false, std::move(terms)}, work_{std::move(work)} {}

    /// The state that its reader does not know; null if there is none, or it has ended.
    Resource const* change() const noexcept {
        return changed_ ? this->seen_unended_state() : nullptr;
    }

private:
    milliseconds take(typename shared_poll::poll_made const& made,
                      rpc::call_outcome<wire_response> answer) override {
        auto const pause = durable_poll<Resource>::take(made, std::move(answer));
        work_->next_look = later(made.at, made.long_poll ? made.slice : work_->options.interval);
        auto const* const seen = this->seen_unended_state();
        changed_ = seen && watched_state_of(*seen) != work_->told;
        if (!changed_) return pause;
        this->wake_all();
        // No poll begins before the reader, who is about to leave, wants another.
        return std::max(pause, work_->options.interval);
    }

    std::shared_ptr<detail::watched_work<Resource>> work_;
    bool changed_ = false;
};

} // namespace bctrl
