#pragma once

#include "client_fixture.hpp"
#include "support/child_process.hpp"

#include <cstdint>
#include <string>

namespace bctrl::test {

/// nginx on a free loopback port, over TLS 1.3 with a certificate of its own. It answers with the
/// documents recorded in the test data, encoded if the client can decode them, and writes a line for
/// each request:
///
///     CONNECTION TLS_VERSION STATUS METHOD PATH HTTP_VERSION CONTENT_ENCODING
class nginx_server {
public:
    nginx_server();

    std::string base_url() const { return "https://127.0.0.1:" + std::to_string(port_); }
    std::string const& ca_file() const noexcept { return ca_file_; }

    /// Ends it in order.
    /// @returns the lines that it wrote
    std::string stop();

private:
    std::string in_folder(std::string const& name) const { return folder_.string() + "/" + name; }
    void write_files() const;
    std::string configuration() const;
    program_start start() const;

    temporary_path folder_{""};
    std::string ca_file_;
    std::uint16_t port_;
    child_process process_;
};

} // namespace bctrl::test
