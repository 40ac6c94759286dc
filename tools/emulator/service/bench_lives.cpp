#include "emulator/service/bench_lives.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

namespace bctrl::emulator {
namespace {

constexpr std::size_t digits = 8;
constexpr std::uint32_t on_request = 0xffffffff;
constexpr std::size_t portion = 10'000;

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

std::size_t bench_lives::release() {
    released_.insert(released_.end(), held_.begin(), held_.end());
    return std::exchange(held_, {}).size();
}

std::vector<resource const*> bench_lives::take_released() {
    auto const end =
        released_.begin() + static_cast<std::ptrdiff_t>(std::min(portion, released_.size()));
    std::vector<resource const*> taken{released_.begin(), end};
    released_.erase(released_.begin(), end);
    return taken;
}

void bench_lives::forget() {
    held_.clear();
    released_.clear();
}

} // namespace bctrl::emulator
