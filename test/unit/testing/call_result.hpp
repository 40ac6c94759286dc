#pragma once

#include <bctrl/testing/simulation.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace bctrl::testing {

/// What a call ended with, once it has.
template <class T>
struct ending {
    bool done = false;
    error_code code;
    error_details details;
    T value{};
};

template <class T>
using call_result = std::shared_ptr<ending<T>>;

/// Completes a call into `where`.
template <class T>
auto keep_in(call_result<T> const& where) {
    return [where](error_code code, T value) {
        where->done = true;
        where->code = code;
        where->value = std::move(value);
    };
}

inline call_result<operation> get(client const& from, std::string id, unsigned attempts = 1) {
    auto const result = std::make_shared<ending<operation>>();
    call_options options;
    options.retry = retry_policy{.attempts = attempts};
    options.details = &result->details;
    from.operations().get(std::move(id), options, keep_in<operation>(result));
    return result;
}

inline call_result<operation_wait_result> wait(client const& from, std::string id,
                                               wait_options options = {}) {
    auto const result = std::make_shared<ending<operation_wait_result>>();
    options.details = &result->details;
    from.operations().wait(std::move(id), options, keep_in<operation_wait_result>(result));
    return result;
}

} // namespace bctrl::testing
