#include "api/context_service.hpp"

#include "api/client_core.hpp"

#include <utility>

namespace bctrl::detail {

boost::asio::execution_context::id context_service::id;

void context_service::add(std::weak_ptr<client_core> client) {
    std::scoped_lock const lock{mutex_};
    std::erase_if(clients_, [](auto const& each) { return each.expired(); });
    clients_.push_back(std::move(client));
}

void context_service::shutdown() noexcept {
    std::unique_lock lock{mutex_};
    auto const clients = std::exchange(clients_, {});
    lock.unlock();
    for (auto const& each : clients)
        if (auto const client = each.lock()) client->shut_down();
}

} // namespace bctrl::detail
