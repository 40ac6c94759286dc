#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace bctrl::emulator {

/// A certificate with its private key, both in PEM. `chain` begins with the certificate itself.
struct certificate {
    std::string chain;
    std::string private_key;
};

/// Reads a certificate and its key.
/// @throws std::runtime_error if a file cannot be read
certificate read_certificate(std::filesystem::path const& chain,
                             std::filesystem::path const& private_key);

/// What a certificate says.
struct certificate_request {
    enum class purpose { server, client };

    std::string common_name = "localhost";
    /// As OpenSSL writes them: "DNS:name" or "IP:address".
    std::vector<std::string> alternative_names{"DNS:localhost", "IP:127.0.0.1", "IP:::1"};
    purpose use = purpose::server;
    std::chrono::seconds valid_from = std::chrono::hours{-1}; ///< from now
    std::chrono::seconds valid_until =
        std::chrono::days{30}; ///< from now; negative: expired already
};

/// A throw-away certificate authority: its key (EC P-256) lives in memory only. Two authorities do
/// not trust each other's certificates, whatever their names.
/// @par Thread safety  `issue` and `certificate_pem` are safe from any thread.
class certificate_authority {
public:
    /// @throws std::runtime_error if OpenSSL fails
    explicit certificate_authority(std::string const& common_name = "bctrl emulator CA");
    certificate_authority(certificate_authority&&) noexcept;
    certificate_authority& operator=(certificate_authority&&) noexcept;
    ~certificate_authority();

    /// @throws std::runtime_error if OpenSSL refuses a name
    certificate issue(certificate_request const& request = certificate_request{}) const;

    /// What a client must trust, in PEM.
    std::string const& certificate_pem() const noexcept;

    /// Writes `certificate_pem()` to a file, which appears complete or not at all.
    /// @throws std::runtime_error if it cannot be written
    void write_ca(std::filesystem::path const& file) const;

private:
    struct implementation;
    std::unique_ptr<implementation> self_;
};

} // namespace bctrl::emulator
