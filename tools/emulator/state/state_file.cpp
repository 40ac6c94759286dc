#include "emulator/state/state_file.hpp"

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace bctrl::emulator {
namespace {

constexpr std::string_view title = "{\"file\":\"bctrl-emulator state\",\"version\":1}\n";

[[noreturn]] void fail(std::string const& what) {
    throw std::system_error{errno, std::generic_category(), what};
}

int open_or_make(std::filesystem::path const& path) {
    constexpr mode_t owner_only = S_IRUSR | S_IWUSR;
    auto const number = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, owner_only);
    if (number < 0) fail("cannot open " + path.string());
    return number;
}

} // namespace

file_descriptor::~file_descriptor() {
    ::close(number_);
}

state_file::state_file(std::filesystem::path const& path)
    : name_{path.string()}, file_{open_or_make(path)} {
    check_type();
    lock();
    begin();
}

void state_file::check_type() const {
    struct stat about {};
    if (::fstat(file_.number(), &about) != 0) fail("cannot look at " + name_);
    if (!S_ISREG(about.st_mode)) throw std::runtime_error{name_ + " is no regular file"};
}

void state_file::lock() {
    if (::flock(file_.number(), LOCK_EX | LOCK_NB) == 0) return;
    if (errno == EWOULDBLOCK) throw std::runtime_error{name_ + " is in use by another emulator"};
    fail("cannot lock " + name_);
}

/// Makes sure that the file has its title. A beginning of it is what is left of a new file whose
/// maker was killed.
void state_file::begin() {
    auto const text = contents();
    if (text.starts_with(title)) {
        size_ = title.size();
        return;
    }
    if (!title.starts_with(text)) {
        throw std::runtime_error{name_ + ":1: is no state of this emulator: the line must be " +
                                 std::string{title.substr(0, title.size() - 1)}};
    }
    cut_to(0);
    append(title.substr(0, title.size() - 1));
}

void state_file::read(line_reader const& read) {
    auto const text = contents();
    std::string_view rest = text;
    rest.remove_prefix(title.size());
    std::size_t number = 1;
    for (auto end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
        ++number;
        try {
            read(rest.substr(0, end));
        } catch (std::exception const& fault) {
            throw std::runtime_error{name_ + ":" + std::to_string(number) + ": " + fault.what()};
        }
        rest.remove_prefix(end + 1);
    }
    size_ = text.size() - rest.size();
    if (rest.empty()) return;
    cut_to(size_);
    notice_ = name_ + ":" + std::to_string(number + 1) +
              ": half a line was dropped; its writer was killed before anybody was told of it";
}

void state_file::append(std::string_view line) {
    if (has_half_line_) cut_to(size_);
    std::string text{line};
    text += '\n';
    std::string_view unwritten = text;
    while (!unwritten.empty()) {
        auto const written = ::write(file_.number(), unwritten.data(), unwritten.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail("cannot write " + name_);
        has_half_line_ = true;
        unwritten.remove_prefix(static_cast<std::size_t>(written));
    }
    has_half_line_ = false;
    size_ += text.size();
}

void state_file::clear() {
    cut_to(title.size());
}

std::string state_file::contents() const {
    std::string text;
    std::array<char, 65'536> piece{};
    while (true) {
        auto const offset = static_cast<off_t>(text.size());
        auto const got = ::pread(file_.number(), piece.data(), piece.size(), offset);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail("cannot read " + name_);
        if (got == 0) return text;
        text.append(piece.data(), static_cast<std::size_t>(got));
    }
}

void state_file::cut_to(std::uint64_t size) {
    if (::ftruncate(file_.number(), static_cast<off_t>(size)) != 0) fail("cannot cut " + name_);
    size_ = size;
    has_half_line_ = false;
}

} // namespace bctrl::emulator
