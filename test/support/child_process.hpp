#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

namespace bctrl::test {

/// How a program ended and what it said.
struct ended_process {
    int exit_code = -1; ///< 128 + the signal for one that was killed, as shells have it
    std::string out;
    std::string err;
};

/// A file descriptor, closed with this.
class descriptor {
public:
    explicit descriptor(int number) noexcept : number_{number} {}
    descriptor(descriptor&& other) noexcept;
    descriptor& operator=(descriptor&&) = delete;
    ~descriptor();

    int number() const noexcept { return number_; }

private:
    int number_;
};

/// What a program is to be started with.
struct program_start {
    std::vector<std::string> words; ///< the program, found through PATH, and its arguments
    /// Added to this process's environment, of which no variable `BCTRL_…` and no proxy is handed
    /// on.
    std::map<std::string, std::string> environment{};
    int standard_output = -1;   ///< a descriptor to write to; -1: kept for `ended_process::out`
    int closed_descriptor = -1; ///< one that the program is to find closed
    bool leads_group = false;   ///< what it has started itself and left behind is killed with it
};

/// A program that runs beside this one, in a process that is killed if it is still there at the end.
/// Its output goes to memory, so that it never waits for anybody to read.
class child_process {
public:
    /// @throws std::system_error if it cannot be started
    explicit child_process(program_start const& start);
    child_process(child_process const&) = delete;
    child_process& operator=(child_process const&) = delete;
    ~child_process();

    pid_t id() const noexcept { return process_; }
    void signal(int number) const;
    bool has_ended() const { return ends_within(std::chrono::milliseconds{0}); }

    /// What it has said so far.
    std::string out() const;
    std::string err() const;

    /// Waits until it has ended. One that does not is killed, and the test fails.
    ended_process wait(std::chrono::milliseconds patience = std::chrono::seconds{60});

private:
    bool ends_within(std::chrono::milliseconds patience) const;
    int reap();

    descriptor out_;
    descriptor err_;
    pid_t process_;
    descriptor handle_;
    bool leads_group_;
};

/// Runs a program to its end.
ended_process run_program(program_start const& start);

/// What a file holds.
std::string read_file(std::string const& path);

} // namespace bctrl::test
