// The library through a proxy that nobody here wrote: tinyproxy, with TLS to the emulator inside.

#include "tinyproxy_server.hpp"

#include <boost/asio/steady_timer.hpp>

#include <gmock/gmock.h>

#include <string>
#include <utility>

namespace bctrl::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class through_tinyproxy : public testing::Test {
protected:
    client_config config(tinyproxy_server const& proxy) const {
        auto made = emulator_.config();
        made.proxy = proxy.url();
        made.retry.attempts = 1;
        return made;
    }
    std::string target() { return "127.0.0.1:" + std::to_string(emulator_->port()); }

    secure_emulator emulator_;
    event_loop loop_;
};

asio::awaitable<std::string> get(client_config config, std::string id) {
    client from{co_await asio::this_coro::executor, config};
    auto const seen = co_await from.operations().get(id);
    co_await from.close(1s);
    co_return std::string{seen.status.text()};
}

asio::awaitable<std::string> wait(client_config config, std::string id) {
    client from{co_await asio::this_coro::executor, config};
    auto const seen = co_await from.operations().wait(id);
    co_await from.close(1s);
    co_return std::string{seen.operation.status.text()};
}

asio::awaitable<std::string> cancel(client_config config, std::string id) {
    client from{co_await asio::this_coro::executor, config};
    auto const seen = co_await from.operations().cancel(id);
    co_await from.close(1s);
    co_return std::string{seen.status.text()};
}

TEST_F(through_tinyproxy, calls_go_their_way) {
    tinyproxy_server const proxy;
    auto const brief = emulator_->create_operation(life_of(300ms));
    EXPECT_EQ(loop_.run(wait(config(proxy), brief)), "succeeded");
    EXPECT_EQ(loop_.run(get(config(proxy), brief)), "succeeded");
    auto const endless = emulator_->create_operation(life_of(60s));
    EXPECT_THAT(loop_.run(cancel(config(proxy), endless)), HasSubstr("cancel"));
    EXPECT_THAT(proxy.log(), HasSubstr("CONNECT " + target()));
}

TEST_F(through_tinyproxy, calls_go_without_it_if_they_need_none) {
    tinyproxy_server const proxy;
    auto direct = config(proxy);
    direct.no_proxy = "127.0.0.0/8";
    EXPECT_EQ(loop_.run(get(direct, emulator_->create_operation(life_of(60s)))), "running");
    EXPECT_THAT(proxy.log(), Not(HasSubstr("CONNECT " + target())));
}

/// How a get ends that is not let through.
error_code end_of_get(event_loop& loop, client_config config) {
    try {
        loop.run(get(std::move(config), "op_1"));
    } catch (request_error const& e) {
        EXPECT_THAT(e.what(), Not(HasSubstr("sesame")));
        return e.code();
    }
    return {};
}

TEST_F(through_tinyproxy, refusals_are_told_apart) {
    tinyproxy_server const proxy;
    auto wrong = config(proxy);
    wrong.proxy = proxy.url("sesame");
    EXPECT_EQ(end_of_get(loop_, wrong), errc::proxy_unauthenticated);

    tinyproxy_server const strict{1};
    EXPECT_EQ(end_of_get(loop_, config(strict)), errc::proxy_refused);

    auto const gone = config(proxy);
    emulator_->stop();
    EXPECT_EQ(end_of_get(loop_, gone), errc::proxy_failed);
}

asio::awaitable<void> restart(tinyproxy_server& proxy) {
    asio::steady_timer pause{co_await asio::this_coro::executor, 500ms};
    co_await pause.async_wait(asio::use_awaitable);
    proxy.stop();
    pause.expires_after(300ms);
    co_await pause.async_wait(asio::use_awaitable);
    proxy.start();
}

TEST_F(through_tinyproxy, waits_outlive_its_restart) {
    tinyproxy_server proxy;
    auto const id = emulator_->create_operation(life_of(2s));
    auto waiting = asio::co_spawn(loop_.context(), wait(config(proxy), id), asio::use_future);
    loop_.run(restart(proxy));
    EXPECT_EQ(waiting.get(), "succeeded");
    EXPECT_GE(emulator_->stats().waits_abandoned, 1U);
}

} // namespace
} // namespace bctrl::test
