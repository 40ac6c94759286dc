#include "secrets/memory_scan.hpp"

#include "support/child_process.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <random>
#include <span>
#include <stdexcept>
#include <string_view>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace bctrl::test {

namespace {

constexpr char mask = 0x55;

/// Beyond this a mapping is the sanitizer's own map of the memory, most of it without any.
constexpr std::uintptr_t largest_mapping = std::uintptr_t{1} << 34;

struct mapping {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
};

/// Memory to look at other memory with. The search takes none from the heap: it would write over what it
/// is looking for.
class workspace {
public:
    workspace()
        : memory_{static_cast<char*>(
              ::mmap(nullptr, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))} {
        if (memory_ == MAP_FAILED) throw std::runtime_error{"no memory to search memory with"};
    }
    workspace(workspace const&) = delete;
    workspace& operator=(workspace const&) = delete;
    ~workspace() { ::munmap(memory_, whole); }

    std::span<char> window() noexcept { return {memory_, half}; }
    std::span<char> text() noexcept { return {memory_ + half, half}; }
    bool overlaps(std::uintptr_t begin, std::uintptr_t end) const noexcept {
        auto const own = reinterpret_cast<std::uintptr_t>(memory_);
        return begin < own + whole && own < end;
    }

private:
    static constexpr std::size_t half = 1 << 20;
    static constexpr std::size_t whole = 2 * half;

    char* memory_;
};

std::string_view list_of_mappings(std::span<char> into) {
    descriptor const file{::open("/proc/self/maps", O_RDONLY | O_CLOEXEC)};
    std::size_t size = 0;
    while (true) {
        auto const rest = into.subspan(size);
        auto const got = ::read(file.number(), rest.data(), rest.size());
        if (got <= 0) return {into.data(), size};
        size += static_cast<std::size_t>(got);
    }
}

/// Takes a line as in `7f00-7f10 rw-p …` off the front of `list`.
/// @returns an empty mapping if it is none to be searched
mapping take_writable(std::string_view& list) {
    auto const line = list.substr(0, list.find('\n'));
    list.remove_prefix(std::min(line.size() + 1, list.size()));
    auto const dash = line.find('-');
    auto const blank = line.find(' ');
    mapping found;
    std::from_chars(line.data(), line.data() + dash, found.begin, 16);
    std::from_chars(line.data() + dash + 1, line.data() + blank, found.end, 16);
    auto const searched =
        line.substr(blank).starts_with(" rw") && found.end - found.begin < largest_mapping;
    return searched ? found : mapping{};
}

std::size_t count(std::span<char const> bytes, std::string_view hidden) {
    auto const is_hidden = [](char plain, char masked) {
        return static_cast<char>(plain ^ mask) == masked;
    };
    std::size_t found = 0;
    for (auto at = bytes.begin();; ++at, ++found) {
        at = std::search(at, bytes.end(), hidden.begin(), hidden.end(), is_hidden);
        if (at == bytes.end()) return found;
    }
}

std::size_t count_in(mapping const& where, descriptor const& memory, workspace& with,
                     std::string_view hidden) {
    auto const window = with.window();
    std::size_t found = 0;
    for (auto at = where.begin; at < where.end;) {
        auto const size = std::min<std::uintptr_t>(window.size(), where.end - at);
        auto const next = at + size;
        auto const got = ::pread(memory.number(), window.data(), size, static_cast<off_t>(at));
        if (got <= 0) return found;
        if (!with.overlaps(at, next))
            found += count(window.first(static_cast<std::size_t>(got)), hidden);
        // What lies across the border of two pieces is seen with the second.
        at = next == where.end ? next : next - (hidden.size() - 1);
    }
    return found;
}

} // namespace

hidden_key::hidden_key(std::size_t size) : hidden_(size, '\0') {
    std::random_device chance;
    std::uniform_int_distribution<int> letter{'a', 'z'};
    for (auto& each : hidden_)
        each = static_cast<char>(letter(chance) ^ mask);
}

std::string hidden_key::reveal() const {
    std::string plain(hidden_.size(), '\0');
    std::transform(hidden_.begin(), hidden_.end(), plain.begin(),
                   [](char c) { return static_cast<char>(c ^ mask); });
    return plain;
}

std::size_t hidden_key::copies_in_memory() const {
    descriptor const memory{::open("/proc/self/mem", O_RDONLY | O_CLOEXEC)};
    workspace with;
    auto const end = std::string_view{hidden_}.substr(hidden_.size() - searched);
    std::size_t found = 0;
    for (auto list = list_of_mappings(with.text()); !list.empty();)
        found += count_in(take_writable(list), memory, with, end);
    return found;
}

} // namespace bctrl::test
