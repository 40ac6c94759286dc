#pragma once

#include <boost/asio/execution_context.hpp>

#include <memory>
#include <mutex>
#include <vector>

namespace bctrl::detail {

class client_core;

/// Tells the clients of an execution context that it is being destroyed, while its services still
/// work: only then can suspended calls be destroyed with all that they hold.
class context_service final : public boost::asio::execution_context::service {
public:
    using key_type = context_service;
    static boost::asio::execution_context::id id;

    explicit context_service(boost::asio::execution_context& context)
        : boost::asio::execution_context::service{context} {}

    void add(std::weak_ptr<client_core> client);

private:
    void shutdown() noexcept override;

    std::mutex mutex_;
    std::vector<std::weak_ptr<client_core>> clients_;
};

} // namespace bctrl::detail
