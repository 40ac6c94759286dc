#pragma once

#include <cstddef>
#include <string>

namespace bctrl::test {

/// A key made up for one test, which this keeps in a form in which nobody would find it.
class hidden_key {
public:
    /// @param size at least `searched`
    explicit hidden_key(std::size_t size);

    /// The key itself: a copy for which its owner answers.
    std::string reveal() const;

    /// How often the end of the key stands in the memory that this process can write to: its heap,
    /// whether in use or given back, its stacks and its globals. The end, because what is given back
    /// to the heap loses its beginning.
    std::size_t copies_in_memory() const;

    static constexpr std::size_t searched = 12;

private:
    std::string hidden_;
};

} // namespace bctrl::test
