#pragma once

#include <filesystem>
#include <string>
#include <system_error>

#include <unistd.h>

namespace bctrl::test {

/// A path of its own for a test program, removed with it.
class temporary_path {
public:
    explicit temporary_path(std::string const& suffix)
        : path_{std::filesystem::temp_directory_path() /
                ("bctrl-test-" + std::to_string(::getpid()) + "-" + std::to_string(++made_) +
                 suffix)} {}
    temporary_path(temporary_path const&) = delete;
    temporary_path& operator=(temporary_path const&) = delete;
    ~temporary_path() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    std::filesystem::path const& path() const noexcept { return path_; }
    std::string string() const { return path_.string(); }

private:
    static inline int made_ = 0;
    std::filesystem::path path_;
};

} // namespace bctrl::test
