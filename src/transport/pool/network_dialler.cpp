#include "transport/pool/network_dialler.hpp"

namespace bctrl::pool {

namespace {

using dialled = outcome<std::unique_ptr<net::stream>, failure>;

/// The system's look-up needs descriptors too, and does not tell that it had none.
failure with_true_cause(failure why) {
    if (why.code == errc::resolve_failed && descriptor_reserve::none_left())
        why.code = errc::too_many_descriptors;
    return why;
}

} // namespace

task<dialled> network_dialler::dial(stop_signal& stop, net::dial_progress& told) {
    auto made = co_await net::connect(scheduler_, peer_, stop, told);
    if (made) co_return std::move(made);
    co_return with_true_cause(std::move(made).error());
}

task<dialled> modest_dialler::dial(stop_signal& stop, net::dial_progress& told) {
    if (!stop.requested() && !reserve_.refill())
        co_return failure{errc::too_many_descriptors,
                          "there is no descriptor left but those kept in reserve"};
    auto made = co_await network_dialler::dial(stop, told);
    co_return std::move(made);
}

task<dialled> preferred_dialler::dial(stop_signal& stop, net::dial_progress& told) {
    auto made = co_await network_dialler::dial(stop, told);
    auto const again =
        !made && made.error().code == errc::too_many_descriptors && reserve_.release();
    if (!again) co_return std::move(made);
    auto made_then = co_await network_dialler::dial(stop, told);
    co_return std::move(made_then);
}

} // namespace bctrl::pool
