#include "micro/subjects.hpp"

#include <iterator>
#include <utility>

namespace bctrl::bench {

std::vector<subject> subjects() {
    std::vector<subject> all;
    for (auto* const some : {&document_subjects, &http2_subjects, &pool_subjects, &call_subjects,
                             &set_subjects, &wait_plan_subjects, &deadline_subjects}) {
        auto found = some();
        all.insert(all.end(), std::make_move_iterator(found.begin()),
                   std::make_move_iterator(found.end()));
    }
    return all;
}

} // namespace bctrl::bench
