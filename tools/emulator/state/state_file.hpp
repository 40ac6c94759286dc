#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace bctrl::emulator {

/// A file descriptor, closed with this.
class file_descriptor {
public:
    explicit file_descriptor(int number) noexcept : number_{number} {}
    file_descriptor(file_descriptor const&) = delete;
    file_descriptor& operator=(file_descriptor const&) = delete;
    ~file_descriptor();

    int number() const noexcept { return number_; }

private:
    int number_;
};

/// A file that begins with a title of its own and grows by whole lines. Nobody else has it open as
/// such at the same time.
///
/// A line is handed to the system with write(2), so it outlives this process however that dies; it
/// is not forced to the disk.
class state_file {
public:
    using line_reader = std::function<void(std::string_view line)>;

    /// Opens the file, or makes it.
    /// @throws std::runtime_error if it cannot be opened or made, is in use, or is something else;
    /// then it stays as it is
    explicit state_file(std::filesystem::path const& path);

    /// Reads all lines behind the title. Half a line at the end, whose writer was killed, is cut
    /// off; `notice` tells.
    /// @throws std::runtime_error with the number of the line if `read` throws; then the file stays
    /// as it is
    void read(line_reader const& read);

    /// Writes one line.
    /// @throws std::system_error if it cannot; what was written of it counts for nothing
    void append(std::string_view line);

    /// Removes everything behind the title.
    /// @throws std::system_error if it cannot
    void clear();

    /// What the owner of the file should know; empty: nothing.
    std::string const& notice() const noexcept { return notice_; }

private:
    void lock();
    void check_type() const;
    void begin();
    std::string contents() const;
    void cut_to(std::uint64_t size);

    std::string const name_;
    file_descriptor const file_;
    std::uint64_t size_ = 0; ///< of its whole lines
    bool has_half_line_ = false;
    std::string notice_{};
};

} // namespace bctrl::emulator
