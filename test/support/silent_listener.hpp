#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace bctrl::testing {

/// An address that gives no answer, as that of a host that is down: its queue is full, and the
/// system drops every further attempt to connect.
class silent_listener {
public:
    using tcp = boost::asio::ip::tcp;

    explicit silent_listener(tcp::endpoint const& at = {boost::asio::ip::address_v4::loopback(),
                                                        0}) {
        acceptor_.open(at.protocol());
        acceptor_.set_option(tcp::acceptor::reuse_address{true});
        acceptor_.bind(at);
        acceptor_.listen(0);
        filler_.connect(acceptor_.local_endpoint());
    }

    tcp::endpoint address() const { return acceptor_.local_endpoint(); }

private:
    boost::asio::io_context context_;
    tcp::acceptor acceptor_{context_};
    tcp::socket filler_{context_};
};

} // namespace bctrl::testing
