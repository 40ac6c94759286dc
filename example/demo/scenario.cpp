#include "scenario.hpp"

#include <random>

namespace demo {

namespace {

using bctrl::durable_status;
using bctrl::emulator::ending;
using bctrl::emulator::life;
using bctrl::emulator::step;
using bctrl::emulator::step_error;
using std::chrono::milliseconds;

constexpr auto longer_by = milliseconds{4'000};

step_error misspelt_call() {
    step_error error;
    error.code = "UNKNOWN_CALL";
    error.message = "There is no call named page.clik.";
    error.hint = "Did you mean page.click?";
    error.diagnostic = R"({
        "id": "diag_unknown_call", "category": "semantic", "code": "call.unknown",
        "call": "page.clik", "received": "page.clik", "expected": "a call of the playwright driver",
        "closest": ["page.click", "page.check"],
        "fixes": [{"title": "Use page.click",
                   "example": "{\"call\":\"page.click\",\"args\":[\"#buy\"]}"}]})";
    return error;
}

durable_status ending_of(std::size_t index) {
    constexpr std::size_t kinds = 20;
    auto const kind = index % kinds;
    if (kind < 13) return durable_status::succeeded;
    if (kind < 16) return durable_status::failed;
    if (kind < 18) return durable_status::cancelled;
    return durable_status::timed_out;
}

life life_of(durable_status expected, milliseconds lasts) {
    life script;
    step open;
    open.call = "page.goto";
    open.takes = lasts / 2;
    open.result = R"({"url":"https://shop.example.com/","status":200})";
    step click;
    click.call = expected == durable_status::failed ? "page.clik" : "page.click";
    click.takes = lasts - open.takes;
    if (expected == durable_status::failed) click.error = misspelt_call();
    script.steps = {open, click};
    if (expected == durable_status::timed_out) {
        script.running = lasts - milliseconds{50};
        script.end = ending::timed_out;
    }
    return script;
}

} // namespace

std::vector<scripted_operation> create_operations(bctrl::emulator::server& on, std::size_t count,
                                                  milliseconds shortest) {
    std::mt19937 chance{20'260'402};
    std::uniform_int_distribution<long> longer{0, longer_by.count()};
    std::vector<scripted_operation> made(count);
    for (std::size_t index = 0; index < count; ++index) {
        auto& each = made[index];
        auto const lasts = shortest + milliseconds{longer(chance)};
        each.expected = ending_of(index);
        each.id = on.create_operation(life_of(each.expected, lasts));
        if (each.expected == durable_status::cancelled) each.cancel_after = lasts / 2;
    }
    return made;
}

} // namespace demo
