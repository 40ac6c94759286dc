#pragma once

#include <bctrl/emulator/certificate.hpp>

#include <filesystem>
#include <string>

#include <unistd.h>

namespace bctrl::testing {

/// The certificate of an authority in a file of its own, for as long as this lives.
class ca_file {
public:
    explicit ca_file(emulator::certificate_authority const& authority) {
        static int count = 0;
        path_ = std::filesystem::temp_directory_path() /
                ("bctrl-test-ca-" + std::to_string(::getpid()) + "-" + std::to_string(count++) +
                 ".pem");
        authority.write_ca(path_);
    }
    ca_file(ca_file const&) = delete;
    ca_file& operator=(ca_file const&) = delete;
    ~ca_file() {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }

    std::string path() const { return path_.string(); }

private:
    std::filesystem::path path_;
};

} // namespace bctrl::testing
