// A wait's decision how long to poll next.
#include "base/random.hpp"
#include "micro/subjects.hpp"
#include "wait/wait_plan.hpp"

#include <memory>

namespace bctrl::bench {

namespace {

using namespace std::chrono_literals;

class planned_wait {
public:
    void decide() {
        poll_bounds bounds{50s, now_ + 1h};
        bounds.spread = true;
        auto const slice = plan_.next_slice(now_, bounds);
        now_ += slice;
        plan_.pause_after_answer(slice, slice);
    }

private:
    wait_terms terms_;
    std::shared_ptr<randomness> chance_ = seeded_randomness(1);
    wait_plan plan_{terms_, *chance_};
    steady_time now_{1h};
};

} // namespace

std::vector<subject> wait_plan_subjects() {
    return {{"wait/slice decision", [] {
                 auto const made = std::make_shared<planned_wait>();
                 return [made] { made->decide(); };
             }}};
}

} // namespace bctrl::bench
