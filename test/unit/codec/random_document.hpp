#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bctrl::codec {

/// Writes documents that the contract allows, each another one but the same for the same seed:
/// optional members absent, null or set, members in any order, unknown members and enumeration
/// texts, free JSON of any depth, numbers that no C++ type holds. Knows the contract by itself, not
/// through the codec.
class random_document {
public:
    explicit random_document(std::uint32_t seed) : random_{seed} {}

    std::string operation();
    std::string operation_wait_result();
    std::string invocation();
    std::string command_page();

private:
    using writer = std::function<std::string()>;

    /// Members of one object, shuffled when it is written.
    class members;

    enum class generation { operation, invocation };

    std::uint32_t below(std::uint32_t limit) {
        return static_cast<std::uint32_t>(random_() % limit);
    }
    bool one_in(std::uint32_t count) { return below(count) == 0; }

    std::string text();
    std::string integer();
    std::string boolean() { return one_in(2) ? "true" : "false"; }
    std::string enumerator(std::vector<std::string_view> const& known);
    std::string free_json(int depth);
    std::string free_object();
    std::string array(std::uint32_t most, writer const& element);

    std::string durable_error();
    std::string progress();
    std::string diagnostic();
    std::string fix();
    std::string binding();
    std::string resolved(generation of);
    std::string step_error();
    std::string step_result(generation of);
    std::string result(generation of);
    std::string step();
    std::string request();
    void add_durable(members& out, generation of);

    std::mt19937 random_;
};

} // namespace bctrl::codec
