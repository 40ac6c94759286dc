#pragma once

#include "load/process_figures.hpp"
#include "load/tested_client.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <functional>
#include <vector>

namespace bctrl::bench {

/// Many calls, so many of them in flight: when one ends the next begins.
class rolling_calls {
public:
    /// Begins the call of that number, which ends in `ended(number, code, answer)`.
    using begin_call = std::function<void(std::size_t number)>;

    rolling_calls(std::size_t count, std::size_t concurrency)
        : concurrency_{concurrency}, began_(count), took_(count) {}

    /// Runs them all, and adds their figures to `result`.
    void run(tested_client& on, begin_call begin, boost::json::object& result);

    /// @param own milliseconds that are the operation's, not the client's
    template <class Answer>
    void ended(std::size_t number, error_code code, Answer const& answer, double own = 0) {
        took_[number] = static_cast<float>((since(began_[number]) - own) * 1e3);
        seen_.take(code, answer);
        begin_next();
    }

private:
    void begin_next();

    std::size_t concurrency_;
    std::size_t next_ = 0;
    std::vector<stopwatch_clock::time_point> began_;
    std::vector<float> took_; ///< microseconds
    begin_call begin_;
    tally seen_;
};

} // namespace bctrl::bench
