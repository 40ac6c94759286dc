#include "transport/net/loss.hpp"

#include "transport/net/tls_error.hpp"

namespace bctrl::net {

failure loss_of_connection(transfer const& step) {
    if (step.what != transfer::status::failed)
        return failure{errc::connection_lost, "the server closed the connection"};
    if (step.error.category() == tls_category())
        return tls_failure("the TLS session failed: ", step.error);
    return failure{errc::connection_lost, "the connection was lost: " + step.error.message(),
                   step.error};
}

} // namespace bctrl::net
