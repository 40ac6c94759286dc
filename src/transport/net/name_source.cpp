#include "transport/net/name_source.hpp"

#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/system_error.hpp>

#include <new>
#include <utility>

namespace bctrl::net {

namespace {

using resolver = boost::asio::ip::basic_resolver<boost::asio::ip::tcp, strand>;
using results = resolver::results_type;

class system_source final : public name_source {
public:
    explicit system_source(scheduler& runs_on) noexcept : scheduler_{runs_on} {}

    void look_up(std::string const& host, answer tell) override {
        // Destroying a resolver abandons its look-up: each has one, which its handler keeps.
        auto const asked = std::make_shared<resolver>(scheduler_.executor());
        try {
            asked->async_resolve(host, "", resolver::address_configured,
                                 [asked, tell](error_code ec, results const& found) {
                                     answer_with(tell, ec, found);
                                 });
        } catch (boost::system::system_error const& no_thread) {
            // The first look-up of a context starts the thread in which it blocks.
            tell(no_thread.code(), {});
        }
    }

private:
    /// The look-up ends whether or not there is memory for what it found.
    static void answer_with(answer const& tell, error_code ec, results const& found) {
        std::vector<boost::asio::ip::address> addresses;
        try {
            addresses = addresses_of(found);
        } catch (std::bad_alloc const&) {
            ec = make_error_code(boost::system::errc::not_enough_memory);
        }
        tell(ec, std::move(addresses));
    }

    static std::vector<boost::asio::ip::address> addresses_of(results const& found) {
        std::vector<boost::asio::ip::address> addresses;
        for (auto const& each : found)
            addresses.push_back(each.endpoint().address());
        return addresses;
    }

    scheduler& scheduler_;
};

} // namespace

std::shared_ptr<name_source> system_names(scheduler& runs_on) {
    return std::make_shared<system_source>(runs_on);
}

} // namespace bctrl::net
