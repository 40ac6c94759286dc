#include <bctrl/testing/scripted_server.hpp>

#include "testing/server_state.hpp"

#include <utility>

namespace bctrl::testing {

namespace {

void append(server_state::script& to, reply const& what, unsigned times) {
    to.once.insert(to.once.end(), times, what);
}

} // namespace

path_script::path_script(std::shared_ptr<server_state> of, std::string path) noexcept
    : state_{std::move(of)}, path_{std::move(path)} {}

path_script& path_script::then(reply const& what, unsigned times) {
    append(state_->at(path_), what, times);
    return *this;
}

path_script& path_script::answer_with(reply_function decide) {
    state_->at(path_).answer_with(std::move(decide));
    return *this;
}

scripted_server::scripted_server(std::shared_ptr<server_state> state) noexcept
    : state_{std::move(state)} {}

scripted_server& scripted_server::then(reply const& what, unsigned times) {
    append(state_->general(), what, times);
    return *this;
}

scripted_server& scripted_server::answer_with(reply_function decide) {
    state_->general().answer_with(std::move(decide));
    return *this;
}

path_script scripted_server::on(std::string path) {
    return {state_, std::move(path)};
}

std::deque<seen_request> const& scripted_server::requests() const noexcept {
    return state_->requests();
}

void scripted_server::keep_requests(std::size_t most) {
    state_->keep_requests(most);
}

std::uint64_t scripted_server::count() const noexcept {
    return state_->count();
}

std::uint64_t scripted_server::unscripted() const noexcept {
    return state_->unscripted();
}

std::size_t scripted_server::in_flight() const noexcept {
    return state_->in_flight();
}

std::size_t scripted_server::unused() const noexcept {
    return state_->unused();
}

} // namespace bctrl::testing
