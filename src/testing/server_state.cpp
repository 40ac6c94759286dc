#include "testing/server_state.hpp"

#include <bctrl/testing/replies.hpp>

#include <utility>

namespace bctrl::testing {

namespace {

std::string_view text_of(reached how_far) noexcept {
    switch (how_far) {
        case reached::nothing_sent:
            return "nothing was sent";
        case reached::request_sent:
            return "the request was sent";
        case reached::answer_begun:
            return "the answer had begun";
    }
    return {};
}

std::string_view text_of(stop_reason why) noexcept {
    switch (why) {
        case stop_reason::cancelled:
            return "cancelled";
        case stop_reason::deadline:
            return "the time of the call is up";
        case stop_reason::closed:
            return "the client is closed";
        case stop_reason::timeout:
            return "the time of the attempt is up";
        case stop_reason::none:
            break;
    }
    return {};
}

} // namespace

std::optional<reply> server_state::script::next(seen_request const& asked) {
    if (!once.empty()) {
        auto taken = std::move(once.front());
        once.pop_front();
        return taken;
    }
    auto const decide = otherwise;
    if (!decide || !*decide) return std::nullopt;
    return (*decide)(asked);
}

void server_state::script::answer_with(reply_function decide) {
    otherwise = std::make_shared<reply_function const>(std::move(decide));
}

std::size_t server_state::unused() const noexcept {
    auto left = general_.once.size();
    for (auto const& [path, one] : paths_)
        left += one.once.size();
    return left;
}

reply server_state::ask(seen_request asked) {
    ++count_;
    asked.number = count_;
    auto decided = decide(asked);
    if (!decided) ++unscripted_;
    if (log_.keeps_any()) remember_begin(asked, decided.has_value());
    if (most_requests_ > 0) remember(std::move(asked));
    return decided ? std::move(*decided) : silence();
}

std::optional<reply> server_state::decide(seen_request const& asked) {
    if (!paths_.empty()) {
        // The function may add to the script; nodes of a map stay where they are.
        auto const found = paths_.find(asked.path());
        if (found != paths_.end())
            if (auto decided = found->second.next(asked)) return decided;
    }
    return general_.next(asked);
}

void server_state::remember_begin(seen_request const& asked, bool scripted) {
    std::string text = asked.method;
    text.append(" ").append(asked.target);
    if (!asked.body.empty()) text.append(" ").append(asked.body);
    if (!scripted) text.append(" (unscripted)");
    log_.add({asked.at, event::kind::request, asked.number, 0, std::move(text)});
}

void server_state::remember(seen_request asked) {
    if (requests_.size() == most_requests_) requests_.pop_front();
    requests_.push_back(std::move(asked));
}

void server_state::keep_requests(std::size_t most) {
    most_requests_ = most;
    requests_.clear();
}

void server_state::answered(std::uint64_t number, int status, steady_time now) {
    if (!log_.keeps_any()) return;
    log_.add({since_start(now), event::kind::answer, number, status, {}});
}

void server_state::failed(std::uint64_t number, reply const& what, steady_time now) {
    if (!log_.keeps_any()) return;
    auto text = what.message;
    text.append("; ").append(text_of(what.how_far));
    log_.add({since_start(now), event::kind::fault, number, 0, std::move(text)});
}

void server_state::stopped(std::uint64_t number, stop_reason why, steady_time now) {
    if (!log_.keeps_any()) return;
    log_.add({since_start(now), event::kind::stop, number, 0, std::string{text_of(why)}});
}

void server_state::note(std::string text, steady_time now) {
    log_.add({since_start(now), event::kind::note, 0, 0, std::move(text)});
}

} // namespace bctrl::testing
