// A set of waits through the public edge, over a transport that answers at once.
#include "micro/instant_client.hpp"
#include "micro/subjects.hpp"

#include <bctrl/wait_set.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace bctrl::bench {

namespace {

work_id numbered(std::size_t number) {
    return {durable_kind::operation, "op_" + std::to_string(number)};
}

/// A set that holds 10,000 works which wait for nothing, as one among which works come and go does.
class crowded_set {
public:
    explicit crowded_set(std::size_t in_flight) : set_{client_.api(), {.in_flight = in_flight}} {
        if (in_flight > 0) return;
        for (std::size_t n = 1; n <= 10'000; ++n)
            set_.add(numbered(n));
        client_.settle();
    }

    void add_and_remove() {
        set_.add(numbered(0));
        set_.remove(numbered(0));
        client_.settle();
    }

    void add_and_take() {
        set_.add(numbered(0));
        bool taken = false;
        set_.next([&taken](error_code code, std::optional<ended_work> ended) {
            if (code || !ended || !ended->succeeded()) throw std::runtime_error{"no good ending"};
            taken = true;
        });
        client_.run_until([&taken] { return taken; });
    }

private:
    instant_client client_;
    wait_set set_;
};

subject using_a_set(std::string name, std::size_t in_flight,
                    std::function<void(crowded_set&)> use) {
    return {std::move(name), [in_flight, use = std::move(use)] {
                auto const made = std::make_shared<crowded_set>(in_flight);
                return [made, use] { use(*made); };
            }};
}

} // namespace

std::vector<subject> set_subjects() {
    return {using_a_set("set/add and remove", 0, [](crowded_set& in) { in.add_and_remove(); }),
            using_a_set("set/add, end and next", 1, [](crowded_set& in) { in.add_and_take(); })};
}

} // namespace bctrl::bench
