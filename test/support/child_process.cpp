#include "support/child_process.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace bctrl::test {

namespace {

[[noreturn]] void fail(int error, std::string const& what) {
    throw std::system_error{error, std::generic_category(), what};
}

descriptor memory_file(char const* name) {
    auto const number = ::memfd_create(name, MFD_CLOEXEC);
    if (number < 0) fail(errno, "memfd_create");
    return descriptor{number};
}

std::string read_all(descriptor const& from) {
    std::string text;
    std::array<char, 4096> piece{};
    while (true) {
        auto const offset = static_cast<off_t>(text.size());
        auto const got = ::pread(from.number(), piece.data(), piece.size(), offset);
        if (got <= 0) return text;
        text.append(piece.data(), static_cast<std::size_t>(got));
    }
}

std::vector<std::string> environment_with(std::map<std::string, std::string> const& added) {
    std::vector<std::string> all;
    for (auto* const* each = environ; *each != nullptr; ++each) {
        std::string const variable{*each};
        auto const name = variable.substr(0, variable.find('='));
        // A proxy of whoever runs the tests knows no way to the servers that they start.
        auto const kept_back =
            name.starts_with("BCTRL_") || name.ends_with("_proxy") || name.ends_with("_PROXY");
        if (!kept_back && !added.contains(name)) all.push_back(variable);
    }
    for (auto const& [name, value] : added)
        all.push_back(name + "=" + value);
    return all;
}

/// What `exec` wants; the strings must live on.
std::vector<char*> pointers_to(std::vector<std::string>& words) {
    std::vector<char*> all;
    for (auto& each : words)
        all.push_back(each.data());
    all.push_back(nullptr);
    return all;
}

class file_actions {
public:
    file_actions() { ::posix_spawn_file_actions_init(&actions_); }
    file_actions(file_actions const&) = delete;
    file_actions& operator=(file_actions const&) = delete;
    ~file_actions() { ::posix_spawn_file_actions_destroy(&actions_); }

    void put(int from, int as) { ::posix_spawn_file_actions_adddup2(&actions_, from, as); }
    void close(int number) { ::posix_spawn_file_actions_addclose(&actions_, number); }
    void close_from(int first) { ::posix_spawn_file_actions_addclosefrom_np(&actions_, first); }
    posix_spawn_file_actions_t const* get() const noexcept { return &actions_; }

private:
    posix_spawn_file_actions_t actions_{};
};

class attributes {
public:
    attributes() { ::posix_spawnattr_init(&attributes_); }
    attributes(attributes const&) = delete;
    attributes& operator=(attributes const&) = delete;
    ~attributes() { ::posix_spawnattr_destroy(&attributes_); }

    /// The group's number is the new process's own.
    void begin_group() { ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP); }
    posix_spawnattr_t const* get() const noexcept { return &attributes_; }

private:
    posix_spawnattr_t attributes_{};
};

pid_t spawn(program_start const& start, int out, int err) {
    file_actions actions;
    actions.put(start.standard_output < 0 ? out : start.standard_output, STDOUT_FILENO);
    actions.put(err, STDERR_FILENO);
    if (start.closed_descriptor >= 0) actions.close(start.closed_descriptor);
    // A port of this process must not live on in another one.
    actions.close_from(STDERR_FILENO + 1);

    attributes how;
    if (start.leads_group) how.begin_group();
    auto words = start.words;
    auto variables = environment_with(start.environment);
    pid_t made = -1;
    auto const error = ::posix_spawnp(&made, words.front().c_str(), actions.get(), how.get(),
                                      pointers_to(words).data(), pointers_to(variables).data());
    if (error != 0) fail(error, "cannot start " + words.front());
    return made;
}

int open_handle(pid_t process) {
    // Debian 12's <sys/pidfd.h> forgets extern "C".
    auto const handle = static_cast<int>(::syscall(SYS_pidfd_open, process, 0));
    if (handle < 0) fail(errno, "pidfd_open");
    return handle;
}

} // namespace

descriptor::descriptor(descriptor&& other) noexcept : number_{std::exchange(other.number_, -1)} {}

descriptor::~descriptor() {
    if (number_ >= 0) ::close(number_);
}

child_process::child_process(program_start const& start)
    : out_{memory_file("out")},
      err_{memory_file("err")},
      process_{spawn(start, out_.number(), err_.number())},
      handle_{open_handle(process_)},
      leads_group_{start.leads_group} {}

child_process::~child_process() {
    if (process_ < 0) return;
    signal(SIGKILL);
    reap();
}

void child_process::signal(int number) const {
    ::kill(process_, number);
}

std::string child_process::out() const {
    return read_all(out_);
}

std::string child_process::err() const {
    return read_all(err_);
}

bool child_process::ends_within(std::chrono::milliseconds patience) const {
    pollfd watched{handle_.number(), POLLIN, 0};
    return ::poll(&watched, 1, static_cast<int>(patience.count())) == 1;
}

int child_process::reap() {
    // Before it is waited for: the number may be another group's afterwards.
    if (leads_group_) ::kill(-process_, SIGKILL);
    int status = 0;
    ::waitpid(process_, &status, 0);
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

ended_process child_process::wait(std::chrono::milliseconds patience) {
    if (!ends_within(patience)) {
        ADD_FAILURE() << "the program had to be killed; it said: " << err();
        signal(SIGKILL);
    }
    auto const code = reap();
    return {code, read_all(out_), read_all(err_)};
}

ended_process run_program(program_start const& start) {
    return child_process{start}.wait();
}

std::string read_file(std::string const& path) {
    std::ifstream file{path};
    if (!file) ADD_FAILURE() << "cannot read " << path;
    return {std::istreambuf_iterator<char>{file}, {}};
}

} // namespace bctrl::test
