#include <bctrl/expect_succeeded.hpp>

#include <utility>

namespace bctrl {

namespace {

template <class Resource>
std::string tell(char const* kind, Resource const& of) {
    auto text = std::string{kind} + " " + of.id;
    if (!is_terminal(of.status))
        return text + " has not ended: it is " + std::string{of.status.text()};
    text += " ended as " + std::string{of.status.text()};
    auto why = explain_failure(of);
    if (why.empty()) return text;
    why.pop_back(); // the last line break
    return text + ": " + why;
}

bool is_bad_ending(durable_status status) noexcept {
    return is_terminal(status) && status != durable_status::succeeded;
}

std::shared_ptr<error_details const> details_of(ended_work const& one) {
    if (one.details) return one.details;
    auto made = std::make_shared<error_details>();
    made->resource_id = one.work.id;
    return made;
}

} // namespace

bool succeeded(operation const& of) noexcept {
    return of.status == durable_status::succeeded;
}

bool succeeded(invocation const& of) noexcept {
    return of.status == durable_status::succeeded;
}

bool failed(operation const& of) noexcept {
    return is_bad_ending(of.status);
}

bool failed(invocation const& of) noexcept {
    return is_bad_ending(of.status);
}

operation_failed::operation_failed(bctrl::operation of)
    : work_failed{tell("operation", of), of.status},
      of_{std::make_shared<bctrl::operation const>(std::move(of))} {}

invocation_failed::invocation_failed(bctrl::invocation of)
    : work_failed{tell("invocation", of), of.status},
      of_{std::make_shared<bctrl::invocation const>(std::move(of))} {}

operation expect_succeeded(operation of) {
    if (!succeeded(of)) throw operation_failed{std::move(of)};
    return of;
}

operation expect_succeeded(operation_wait_result seen) {
    return expect_succeeded(std::move(seen.operation));
}

invocation expect_succeeded(invocation of) {
    if (!succeeded(of)) throw invocation_failed{std::move(of)};
    return of;
}

invocation expect_succeeded(invocation_wait_result seen) {
    return expect_succeeded(std::move(seen.invocation));
}

ended_work expect_succeeded(ended_work one) {
    if (one.error) throw request_error{one.error, details_of(one)};
    if (one.succeeded()) return one;
    if (auto* const of = std::get_if<operation>(&one.state)) throw operation_failed{std::move(*of)};
    throw invocation_failed{std::get<invocation>(std::move(one.state))};
}

} // namespace bctrl
