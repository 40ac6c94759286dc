// The pool's choice of a connection, without connections.
#include "base/random.hpp"
#include "micro/subjects.hpp"
#include "transport/pool/lane_plan.hpp"

#include <memory>
#include <stdexcept>

namespace bctrl::bench {

namespace {

/// A lane of many connections, half of whose places are taken.
class busy_lane {
public:
    explicit busy_lane(std::size_t streams) {
        plan_.expect(streams);
        for (std::size_t n = 0; n < connections; ++n) {
            auto const slot = plan_.begin_dial(connections * streams);
            if (!slot) throw std::runtime_error{"no dial was allowed"};
            plan_.dialled(*slot, streams);
        }
        for (std::size_t n = 0; n < connections * streams / 2; ++n)
            plan_.take(*chance_);
    }
    void take_and_give_back() { plan_.give_back(plan_.take(*chance_).value(), true); }

private:
    static constexpr std::size_t connections = 400;

    std::shared_ptr<randomness> chance_ = seeded_randomness(1);
    pool::lane_plan plan_{{connections, 0}};
};

subject slot(std::string name, std::size_t streams) {
    return {std::move(name), [streams] {
                auto const lane = std::make_shared<busy_lane>(streams);
                return [lane] { lane->take_and_give_back(); };
            }};
}

} // namespace

std::vector<subject> pool_subjects() {
    return {slot("pool/slot of one", 1), slot("pool/slot of 250", 250)};
}

} // namespace bctrl::bench
