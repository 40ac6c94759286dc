#pragma once

#include "client_fixture.hpp"
#include "support/child_process.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace bctrl::test {

/// tinyproxy on a free loopback port, for whoever knows "user" and "open-sesame".
class tinyproxy_server {
public:
    /// @param only_port  the one port that connections may be made to; 0: all
    explicit tinyproxy_server(std::uint16_t only_port = 0);

    proxy_url url(std::string const& password = "open%2Dsesame") const {
        return proxy_url{"http://user:" + password + "@127.0.0.1:" + std::to_string(port_)};
    }

    /// Ends it, and with it every tunnel.
    void stop();
    void start();
    std::string log() const;

private:
    std::string in_folder(std::string const& name) const { return folder_.string() + "/" + name; }
    bool listens() const;

    temporary_path folder_{""};
    std::uint16_t port_;
    std::optional<child_process> process_;
};

} // namespace bctrl::test
