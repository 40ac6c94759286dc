#include "load/parked_waits.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>

namespace bctrl::bench {

namespace {

using namespace std::chrono_literals;

} // namespace

void parked_waits::park() {
    wait_options options;
    options.within = 3600s;
    for (std::size_t n = 0; n < signals_.size(); ++n) {
        auto ended = [this](error_code code, operation_wait_result got) {
            if (cancelled_)
                seen_.take_cancelled(code);
            else
                seen_.take(code, got);
        };
        on_.api().operations().wait(
            on_.id(n, "ffffffff"), options,
            boost::asio::bind_cancellation_slot(signals_[n].slot(), std::move(ended)));
    }
    on_.await_parked(signals_.size());
}

void parked_waits::cancel() {
    cancelled_ = true;
    for (auto& each : signals_)
        each.emit(boost::asio::cancellation_type::total);
    on_.run_until([this] { return seen_.ended() == signals_.size(); });
}

void parked_waits::release() {
    on_.release();
    on_.run_until([this] { return seen_.ended() == signals_.size(); });
}

} // namespace bctrl::bench
