#pragma once

#include "support/child_process.hpp"
#include "support/quiet_port.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace bctrl::test {

/// The emulator as a program with a state file.
class emulator_process {
public:
    /// Does not wait until it serves.
    explicit emulator_process(std::string const& state_file, std::uint16_t port = 0);

    /// Waits until it serves and returns the port; 0, and the test fails, if it does not come to
    /// that.
    std::uint16_t port() const;

    /// As `kill -9` does it; returns when it is gone.
    void kill();

    /// Asks it to end, or waits for an end of its own accord.
    ended_process stop();
    ended_process wait() { return process_.wait(); }

private:
    child_process process_;
};

/// The emulator as a program that speaks HTTPS on a free port.
class secure_emulator_process {
public:
    /// @param ca_file where the program writes the certificate to trust
    /// @param options further words of its command line
    explicit secure_emulator_process(std::string const& ca_file,
                                     std::vector<std::string> const& options = {});

    /// As above.
    std::uint16_t port() const;

private:
    child_process process_;
};

} // namespace bctrl::test
