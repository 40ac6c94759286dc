#include <bctrl/testing/event_log.hpp>

#include <cstdio>
#include <utility>

namespace bctrl::testing {

namespace {

void append_time(std::string& text, std::chrono::milliseconds at) {
    char buffer[32];
    auto const length = std::snprintf(buffer, sizeof buffer, "%10lld.%03d ",
                                      static_cast<long long>(at.count() / 1'000),
                                      static_cast<int>(at.count() % 1'000));
    text.append(buffer, static_cast<std::size_t>(length));
}

void append_line(std::string& text, event const& each) {
    append_time(text, each.at);
    if (each.request > 0) text.append("#").append(std::to_string(each.request)).append(" ");
    switch (each.what) {
        case event::kind::request:
        case event::kind::note:
            text.append(each.text);
            break;
        case event::kind::answer:
            text.append("answered ").append(std::to_string(each.status));
            break;
        case event::kind::fault:
            text.append("fault: ").append(each.text);
            break;
        case event::kind::stop:
            text.append("stopped: ").append(each.text);
            break;
    }
    text.append("\n");
}

} // namespace

void event_log::keep(std::size_t most) {
    most_ = most;
    forgotten_ += events_.size();
    events_.clear();
}

void event_log::add(event what) {
    if (most_ == 0) {
        ++forgotten_;
        return;
    }
    if (events_.size() == most_) {
        events_.pop_front();
        ++forgotten_;
    }
    events_.push_back(std::move(what));
}

std::string event_log::text() const {
    std::string text;
    if (forgotten_ > 0) text.append(std::to_string(forgotten_)).append(" events before these\n");
    for (auto const& each : events_)
        append_line(text, each);
    return text;
}

} // namespace bctrl::testing
