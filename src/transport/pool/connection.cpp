#include "transport/pool/connection.hpp"

namespace bctrl::pool {

void connection::belong_to(connection_owner& owner, std::size_t slot,
                           steady_time retire_at) noexcept {
    owner_ = &owner;
    slot_ = slot;
    retire_at_ = retire_at;
}

void connection::begin_idle(milliseconds wanted) {
    if (is_idle()) return;
    idle_since_ = scheduler_.now();
    scheduler_.deadlines().arm(*this, later(*idle_since_, wanted));
}

} // namespace bctrl::pool
