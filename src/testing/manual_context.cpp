#include "testing/manual_context.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include <algorithm>

namespace bctrl::testing {

void manual_context::settle() {
    context_.restart();
    context_.poll();
}

void manual_context::pass_once(steady_time end) {
    auto const next = time_->next_alarm();
    auto const until = next ? std::min(*next, end) : end;
    time_->advance(std::chrono::ceil<milliseconds>(until - time_->now()));
    settle();
}

void manual_context::pass(milliseconds by) {
    auto const end = later(time_->now(), by);
    settle();
    while (time_->now() < end)
        pass_once(end);
}

bool manual_context::pass_until(std::function<bool()> const& done, milliseconds at_most) {
    auto const end = later(time_->now(), at_most);
    settle();
    while (!done()) {
        if (time_->now() >= end) return false;
        pass_once(end);
    }
    return true;
}

void manual_context::run_until(std::function<bool()> const& done) {
    auto const work = boost::asio::make_work_guard(context_);
    context_.restart();
    while (!done())
        context_.run_one();
}

} // namespace bctrl::testing
