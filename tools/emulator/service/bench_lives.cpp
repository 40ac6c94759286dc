#include "emulator/service/bench_lives.hpp"

#include <charconv>
#include <chrono>

namespace bctrl::emulator {
namespace {

constexpr std::size_t digits = 8;
constexpr std::uint32_t on_request = 0xffffffff;

std::optional<std::uint32_t> length_in(std::string_view id) {
    if (id.size() < digits) return std::nullopt;
    auto const* const end = id.data() + id.size();
    std::uint32_t length = 0;
    auto const [stopped, fault] = std::from_chars(end - digits, end, length, 16);
    if (fault != std::errc{} || stopped != end) return std::nullopt;
    return length;
}

} // namespace

std::shared_ptr<life const> bench_lives::life_of(std::string_view id) {
    auto const length = length_in(id);
    if (!length) return nullptr;
    auto& known = lives_[*length];
    if (!known) {
        std::chrono::milliseconds const takes{*length};
        known = std::make_shared<life const>(life{.steps = {{.takes = takes}}});
    }
    return known;
}

void bench_lives::remember(resource const& made) {
    if (length_in(made.about.id) == on_request) held_.push_back(&made);
}

} // namespace bctrl::emulator
