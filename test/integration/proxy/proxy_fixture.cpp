#include "proxy_fixture.hpp"

#include "many_gets.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>

#include <algorithm>

namespace bctrl::test {

namespace {

constexpr emulator::ending endings[] = {emulator::ending::succeeded, emulator::ending::failed,
                                        emulator::ending::timed_out, emulator::ending::cancelled};

void expect_right_ending(watched_wait const& of, operation const& ended) {
    if (of.cancelled) {
        EXPECT_EQ(of.failure, asio::error::operation_aborted) << of.id;
        return;
    }
    EXPECT_FALSE(of.failure) << describe(of.failure, of.details);
    EXPECT_FALSE(of.seen.timed_out_waiting) << of.id;
    EXPECT_TRUE(is_terminal(ended.status)) << of.id;
    EXPECT_EQ(of.seen.operation, ended) << of.id;
}

} // namespace

void proxies::TearDown() {
    if (proxy_) stop_proxy();
}

void proxies::start_backend() {
    emulator::server_options options;
    options.port = backend_port_;
    options.state_file = state_.path();
    backend_.emplace(options);
}

void proxies::start_proxy(proxy_settings wanted) {
    if (wanted.backend == 0) wanted.backend = backend_port_;
    proxy_.emplace(*GetParam(), wanted);
}

std::vector<logged_request> proxies::stop_proxy() {
    auto answered = proxy_->stop();
    proxy_.reset();
    return answered;
}

client_config proxies::config() const {
    client_config made;
    made.key = api_key{emulator_key};
    made.base_url = proxy_->base_url();
    made.ca_file = proxy_->ca_file();
    return made;
}

watched_wait& proxies::begin_wait(client const& with, std::chrono::milliseconds length,
                                  emulator::ending end) {
    auto script = life_of(length);
    script.end = end;
    // Work that does not succeed is cut off before its only step would.
    if (end != emulator::ending::succeeded) script.running = length - 1ms;
    auto& one = waits_.emplace_back();
    one.id = backend().create_operation(script);
    with.operations().wait(one.id, {.details = &one.details, .account = &one.account},
                           asio::bind_cancellation_slot(
                               one.stop.slot(), [&one](error_code ec, operation_wait_result seen) {
                                   one.ended = true;
                                   one.failure = ec;
                                   one.seen = std::move(seen);
                               }));
    return one;
}

void proxies::begin_waits(client const& with, int count, std::chrono::milliseconds first,
                          std::chrono::milliseconds last) {
    for (int n = 0; n < count; ++n)
        begin_wait(with, first + (last - first) * n / count, endings[n % 4]);
}

void proxies::expect_right_endings() {
    auto const with = make_client();
    auto left = waits_.size();
    for (auto const& each : waits_)
        with.operations().get(each.id, [&left, &each](error_code ec, operation const& ended) {
            --left;
            EXPECT_FALSE(ec) << each.id << ": " << ec.message();
            expect_right_ending(each, ended);
        });
    until([&] { return left == 0; });
}

void proxies::until(std::function<bool()> const& what) {
    auto const end = std::chrono::steady_clock::now() + 50s;
    while (!what()) {
        if (std::chrono::steady_clock::now() > end)
            throw std::runtime_error{"what was to happen has not"};
        pass(5ms);
    }
}

std::size_t proxies::ended_waits() const {
    auto const ended =
        std::count_if(waits_.begin(), waits_.end(), [](auto const& each) { return each.ended; });
    return static_cast<std::size_t>(ended);
}

void proxies::until_all_ended() {
    until([this] { return ended_waits() == waits_.size(); });
}

void proxies::until_all_parked() {
    until([this] { return backend().stats().parked + ended_waits() >= waits_.size(); });
}

void proxies::pass(std::chrono::milliseconds time) {
    context_.restart();
    context_.run_for(time);
}

explanation proxies::explain(client const& of) {
    std::optional<explanation> told;
    of.explain([&](error_code, explanation what) { told = std::move(what); });
    until([&] { return told.has_value(); });
    return std::move(*told);
}

watched_wait& proxies::wait_get_and_cancel(client const& with) {
    auto& waiting = begin_wait(with, 60s);
    until([&] { return backend().stats().parked == 1; });
    EXPECT_EQ(result_of(with.operations().get(waiting.id)).status, durable_status::running);
    EXPECT_EQ(result_of(with.operations().cancel(waiting.id)).status, durable_status::cancelling);
    until_all_ended();
    EXPECT_EQ(waiting.seen.operation.status, durable_status::cancelled);
    EXPECT_EQ(waiting.account.polls, 1U);
    expect_right_endings();
    return waiting;
}

void proxies::get_when_idle_connections_end(client const& with) {
    auto const id = backend().create_operation(life_of(60s));
    for (auto const rest : {970ms, 985ms, 995ms, 1'000ms, 1'005ms, 1'015ms, 1'030ms, 0ms}) {
        many_gets const gets{context_, with, {id}, 64};
        until([&] { return gets.ended(); });
        EXPECT_EQ(gets.right(), 64);
        pass(rest);
    }
}

void proxies::reload_under_waits(client const& with) {
    begin_waits(with, 200, 3s, 8s);
    until_all_parked();
    running_proxy().reload();
    pass(1s);
    running_proxy().reload();
    begin_waits(with, 20, 1s, 2s);
    until_all_ended();
    expect_right_endings();
}

} // namespace bctrl::test
