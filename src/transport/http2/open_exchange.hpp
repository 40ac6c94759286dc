#pragma once

#include "base/activity.hpp"
#include "base/parking.hpp"
#include "base/scheduler.hpp"
#include "transport/http2/engine.hpp"

#include <boost/intrusive/list.hpp>

#include <string_view>

namespace bctrl::http2 {

/// An exchange under way on a session. Lives in the frame of the coroutine that awaits it, which
/// goes on when its stream is closed.
class open_exchange final : public exchange_record,
                            public boost::intrusive::list_base_hook<
                                boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
    /// @param text the body of the request; outlives this
    open_exchange(scheduler& runs_on, engine& on, std::string_view text, stop_signal& stop,
                  activity& call)
        : exchange_record{text}, place{runs_on, stop}, engine_{on}, told_{call} {}
    ~open_exchange() {
        if (is_open()) engine_.forget(*this);
    }

    void moved() noexcept override {
        auto const waits = unsent.empty() ? call_phase::awaiting : call_phase::sending;
        told_.enter(begun ? call_phase::reading : waits, place.runs_on().now());
    }
    void closed(reset_code why) noexcept override {
        closed_for = why;
        leave();
    }
    /// Its connection is no more.
    void lost() noexcept { leave(); }

    call_phase phase() const noexcept { return told_.phase(); }
    bool is_open() const noexcept { return is_linked(); }

    parking place;
    reset_code closed_for = reset_code::no_error;

private:
    void leave() noexcept {
        if (is_linked()) unlink();
        place.wake();
    }

    engine& engine_;
    activity& told_;
};

} // namespace bctrl::http2
