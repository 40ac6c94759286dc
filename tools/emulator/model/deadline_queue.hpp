#pragma once

#include <chrono>
#include <map>
#include <optional>

namespace bctrl::emulator {

using time_point = std::chrono::steady_clock::time_point;

/// Things that are due at some time, soonest first, first come first served among equals. One such
/// queue replaces a timer per thing.
template <class T>
class deadline_queue {
public:
    using handle = typename std::multimap<time_point, T>::iterator;

    handle add(time_point when, T what) { return due_.emplace(when, std::move(what)); }
    void remove(handle h) { due_.erase(h); }
    void clear() { due_.clear(); }

    /// When the first is due.
    std::optional<time_point> next() const {
        if (due_.empty()) return std::nullopt;
        return due_.begin()->first;
    }

    /// Takes the first out if it is due.
    std::optional<T> take_due(time_point now) {
        if (due_.empty() || due_.begin()->first > now) return std::nullopt;
        T what = std::move(due_.begin()->second);
        due_.erase(due_.begin());
        return what;
    }

private:
    std::multimap<time_point, T> due_;
};

} // namespace bctrl::emulator
