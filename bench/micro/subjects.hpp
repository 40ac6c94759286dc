#pragma once

#include <functional>
#include <string>
#include <vector>

namespace bctrl::bench {

/// A hot path, to be timed and to have its instructions counted.
struct subject {
    std::string name;
    /// Makes what the path needs, and returns one round of it.
    std::function<std::function<void()>()> prepare;
};

std::vector<subject> document_subjects();
std::vector<subject> http2_subjects();
std::vector<subject> pool_subjects();
std::vector<subject> call_subjects();
std::vector<subject> set_subjects();
std::vector<subject> wait_plan_subjects();
std::vector<subject> deadline_subjects();

/// All of them.
std::vector<subject> subjects();

} // namespace bctrl::bench
