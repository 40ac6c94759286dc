#include "transport/net/resolve.hpp"

#include "base/parking.hpp"

#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/system/system_error.hpp>

#include <memory>

namespace bctrl::net {

namespace {

using resolver = boost::asio::ip::basic_resolver<boost::asio::ip::tcp, strand>;

/// A look-up under way; outlives the caller that stopped waiting for it.
struct look_up {
    explicit look_up(strand const& runs_on) : system{runs_on} {}

    resolver system;
    parking* caller = nullptr;
    error_code error;
    address_list found;
};

void begin(std::shared_ptr<look_up> const& query, std::string const& host, unsigned short port) {
    auto const flags = resolver::address_configured | resolver::numeric_service;
    auto tell = [query](error_code ec, resolver::results_type const& results) {
        query->error = ec;
        for (auto const& each : results)
            query->found.push_back(each.endpoint());
        if (query->caller) query->caller->wake();
    };
    try {
        query->system.async_resolve(host, std::to_string(port), flags, tell);
    } catch (boost::system::system_error const& no_thread) {
        // The first look-up of a context starts the thread in which it blocks.
        tell(no_thread.code(), {});
    }
}

} // namespace

task<outcome<address_list, failure>> resolve(scheduler& runs_on, std::string host,
                                             unsigned short port, stop_signal& stop) {
    error_code not_an_address;
    auto const literal = boost::asio::ip::make_address(host, not_an_address);
    if (!not_an_address) co_return address_list{{literal, port}};
    // Always this machine, whatever a resolver says (RFC 6761, section 6.3): plain http is allowed to it.
    if (host == "localhost") {
        address_list here;
        here.emplace_back(boost::asio::ip::address_v4::loopback(), port);
        here.emplace_back(boost::asio::ip::address_v6::loopback(), port);
        co_return here;
    }

    auto const query = std::make_shared<look_up>(runs_on.executor());
    parking answered{runs_on, stop};
    query->caller = &answered;
    struct forget_caller {
        look_up& query;
        ~forget_caller() { query.caller = nullptr; }
    } const guard{*query};
    begin(query, host, port);
    if (!co_await answered) co_return failure{stop_error(stop.reason()), "stopped while resolving"};

    if (query->error || query->found.empty())
        co_return failure{errc::resolve_failed,
                          "the host name \"" + host + "\" could not be resolved: " +
                              (query->error ? query->error.message() : "it has no address"),
                          query->error};
    co_return std::move(query->found);
}

} // namespace bctrl::net
