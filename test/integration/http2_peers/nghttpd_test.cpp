// The client against nghttp2's own server, which serves files: over TLS, and in plain HTTP/2.

#include "nghttpd.hpp"
#include "../proxy/many_gets.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <algorithm>
#include <deque>
#include <functional>
#include <iostream>
#include <optional>

namespace bctrl::test {
namespace {

struct cancellable_get {
    std::optional<error_code> ended;
    asio::cancellation_signal stop;
};

class file_server : public testing::TestWithParam<nghttpd::security> {
protected:
    void SetUp() override {
        if (!nghttpd::is_installed())
            GTEST_SKIP() << "nghttpd is not installed (package nghttp2-server)";
        server_.emplace(GetParam());
    }

    client make_client() { return client{context_.get_executor(), server_->config()}; }

    void until(std::function<bool()> const& what) {
        auto const end = std::chrono::steady_clock::now() + 50s;
        while (!what()) {
            if (std::chrono::steady_clock::now() > end)
                throw std::runtime_error{"what was to happen has not"};
            context_.restart();
            context_.run_for(5ms);
        }
    }

    void get(client const& with, std::string const& id) {
        auto& one = gets_.emplace_back();
        auto const done = [&one](error_code ec, operation const&) { one.ended = ec; };
        with.operations().get(id, asio::bind_cancellation_slot(one.stop.slot(), done));
    }

    std::size_t ended_gets() const {
        auto const ended = std::count_if(gets_.begin(), gets_.end(),
                                         [](auto const& each) { return each.ended.has_value(); });
        return static_cast<std::size_t>(ended);
    }

    error_code get_now(client const& with, std::string const& id) {
        get(with, id);
        until([&] { return ended_gets() == gets_.size(); });
        return *gets_.back().ended;
    }

    /// All requests are out, and nobody has an answer.
    bool all_await_answers(client const& with) {
        std::optional<explanation> told;
        with.explain([&](error_code, explanation what) { told = std::move(what); });
        until([&] { return told.has_value(); });
        return std::all_of(told->calls.begin(), told->calls.end(),
                           [](auto const& each) { return each.phase == call_phase::awaiting; });
    }

    /// Begins as many gets while the server does nothing, and cancels the first of them.
    void cancel_some(client const& with, std::string const& id, std::size_t count,
                     std::size_t cancelled) {
        // There is a connection, or none could be opened.
        ASSERT_FALSE(get_now(with, id));
        gets_.clear();
        server_->pause();
        for (std::size_t n = 0; n < count; ++n)
            get(with, id);
        until([&] { return all_await_answers(with); });
        for (std::size_t n = 0; n < cancelled; ++n)
            gets_[n].stop.emit(asio::cancellation_type::terminal);
        context_.restart();
        context_.poll();
        EXPECT_EQ(ended_gets(), cancelled) << "they do not wait for the server";
        server_->resume();
        until([&] { return ended_gets() == count; });
        for (std::size_t n = 0; n < count; ++n)
            EXPECT_EQ(*gets_[n].ended,
                      n < cancelled ? error_code{asio::error::operation_aborted} : error_code{});
    }

    void tell_cost(std::string_view what, client const& of) const {
        auto const seen = of.stats();
        std::cout << "nghttpd: " << what << ": " << seen.connections << " connections, "
                  << seen.requests << " requests, " << seen.retries << " retries, "
                  << server_->told("recv RST_STREAM frame") << " resets\n";
    }

    asio::io_context context_{1};
    std::optional<nghttpd> server_;
    std::deque<cancellable_get> gets_;
};

INSTANTIATE_TEST_SUITE_P(over, file_server,
                         testing::Values(nghttpd::security::tls, nghttpd::security::none),
                         [](auto const& which) {
                             return which.param == nghttpd::security::tls ? "tls" : "plain";
                         });

TEST_P(file_server, answers_a_thousand_gets_a_hundred_at_a_time_on_one_connection) {
    std::vector<std::string> ids;
    for (int n = 0; n < 50; ++n)
        server_->serve_operation(ids.emplace_back("operation-" + std::to_string(n)));
    auto const with = make_client();
    // The client learns how many streams a connection has before it needs many.
    ASSERT_FALSE(get_now(with, ids.front()));
    many_gets const gets{context_, with, ids, 1'000, 100};
    until([&] { return gets.ended(); });
    EXPECT_EQ(gets.right(), 1'000);
    EXPECT_EQ(with.stats().connections, 1);
    EXPECT_EQ(with.stats().requests, 1'001);
    EXPECT_EQ(with.stats().retries, 0);
}

TEST_P(file_server, ends_waits) {
    auto const with = make_client();
    int ended = 0, succeeded = 0;
    constexpr int count = 300;
    for (int n = 0; n < count; ++n) {
        auto const id = "operation-" + std::to_string(n);
        server_->serve_wait(id);
        with.operations().wait(id, [&, id](error_code ec, operation_wait_result const& seen) {
            ++ended;
            EXPECT_FALSE(ec) << ec.message();
            if (!ec && seen.operation.id == id) ++succeeded;
        });
    }
    until([&] { return ended == count; });
    EXPECT_EQ(succeeded, count);
    EXPECT_EQ(with.stats().polls, count);
    EXPECT_LE(with.stats().connections, 4);
}

/// nghttp2 ends connections on which more than 1,000 streams are reset, or 33 a second for long.
TEST_P(file_server, bears_thousands_of_cancels_beside_calls_that_go_on) {
    server_->serve_operation("an-id");
    auto const with = make_client();
    for (int n = 0; n < 50; ++n)
        cancel_some(with, "an-id", 90, 80);
    tell_cost("4,000 of 4,500 gets cancelled", with);
    EXPECT_GT(server_->told("recv RST_STREAM frame"), 1'000U);
    EXPECT_EQ(server_->told("send GOAWAY frame"), 0U) << "it was not annoyed";
    EXPECT_EQ(with.stats().retries, 0);
    EXPECT_EQ(with.stats().calls_failed, 0);
}

TEST_P(file_server, bears_thousands_of_cancels_beside_none) {
    server_->serve_operation("an-id");
    auto const with = make_client();
    for (int n = 0; n < 40; ++n)
        cancel_some(with, "an-id", 90, 90);
    EXPECT_FALSE(get_now(with, "an-id"));
    tell_cost("3,600 of 3,600 gets cancelled", with);
    EXPECT_EQ(server_->told("send GOAWAY frame"), 0U) << "it was not annoyed";
    EXPECT_EQ(with.stats().retries, 0);
    EXPECT_EQ(with.stats().calls_failed, 0);
}

} // namespace
} // namespace bctrl::test
