#pragma once

#include "../client_fixture.hpp"
#include "support/child_process.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bctrl::test {

/// nghttp2's own server on a free loopback port. It serves files, whatever the method, and tells of
/// every frame.
class nghttpd {
public:
    enum class security { none, tls };

    static bool is_installed();

    explicit nghttpd(security wanted, unsigned streams = 100);

    client_config config() const;

    /// A succeeded operation of this id, for GET or to be waited for. One id cannot be both: files
    /// are no folders.
    void serve_operation(std::string const& id) const;
    void serve_wait(std::string const& id) const;

    /// Lets it do nothing until it is resumed.
    void pause() const;
    void resume() const;

    /// How often it has told this.
    std::size_t told(std::string_view what) const;

private:
    std::string in_folder(std::string const& name) const { return folder_.string() + "/" + name; }
    void write_files() const;
    void serve(std::string const& path, std::string const& recorded, std::string const& id) const;
    program_start start() const;
    bool listens() const;

    security security_;
    unsigned streams_;
    temporary_path folder_{""};
    std::uint16_t port_;
    child_process process_;
};

} // namespace bctrl::test
