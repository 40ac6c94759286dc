#include "transport/pool/network_dialler.hpp"

namespace bctrl::pool {

task<outcome<std::unique_ptr<net::stream>, failure>> network_dialler::dial(
    stop_signal& stop, net::dial_progress& told) {
    return net::connect(scheduler_, peer_, stop, told);
}

} // namespace bctrl::pool
