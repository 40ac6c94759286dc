// A lane whose connections carry many exchanges: how many it opens, how it fills, drains and replaces them. The
// test is the server at the other end of each; time stands still unless it is passed.

#include "transport/pool/lane.hpp"

#include "support/http2_frames.hpp"
#include "support/strand_bench.hpp"
#include "transport/pool/http2_connection.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <sys/socket.h>
#include <unistd.h>

namespace bctrl::pool {
namespace {

namespace wire = testing::http2;
using namespace std::chrono_literals;

/// The server's end of a connection.
class far_end {
public:
    explicit far_end(int descriptor) noexcept : descriptor_{descriptor} {}
    far_end(far_end const&) = delete;
    far_end& operator=(far_end const&) = delete;
    ~far_end() { ::close(descriptor_); }

    void write(std::string const& bytes) {
        EXPECT_EQ(::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(bytes.size()));
    }
    void answer(std::int32_t stream) { write(wire::headers(stream, {{":status", "200"}}, true)); }
    /// The streams that were opened since this was asked last.
    std::vector<std::int32_t> asked() {
        std::array<char, 65'536> bytes{};
        for (ssize_t got = 1; got > 0;) {
            got = ::recv(descriptor_, bytes.data(), bytes.size(), MSG_DONTWAIT);
            if (got > 0) unread_.append(bytes.data(), static_cast<std::size_t>(got));
            is_closed_ = got == 0;
        }
        constexpr std::string_view preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
        if (unread_.starts_with(preface)) unread_.erase(0, preface.size());
        std::vector<std::int32_t> streams;
        for (auto const& each : wire::take_frames(unread_))
            if (each.type == wire::frame_type::headers) streams.push_back(each.stream);
        return streams;
    }
    bool is_closed() {
        asked();
        return is_closed_;
    }

private:
    int descriptor_;
    std::string unread_;
    bool is_closed_ = false;
};

/// Dials that succeed as soon as the server has told its settings.
class http2_dialler final : public dialler {
public:
    explicit http2_dialler(scheduler& runs_on) noexcept : scheduler_{runs_on} {}

    task<outcome<std::unique_ptr<connection>, failure>> dial(stop_signal& stop,
                                                             net::dial_progress&) override {
        std::array<int, 2> ends{};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0)
            throw std::system_error{errno, std::generic_category(), "socketpair"};
        net::socket own{scheduler_.executor()};
        own.assign(boost::asio::ip::tcp::v4(), ends[0]);
        servers.emplace_back(ends[1]);
        auto made = std::make_unique<http2_connection>(
            std::make_unique<net::stream>(scheduler_, std::move(own)), terms_, 1'000);
        auto settled = co_await made->settle(stop);
        if (!settled) co_return std::move(settled).error();
        std::unique_ptr<connection> ready = std::move(made);
        co_return ready;
    }
    std::string_view host() const noexcept override { return "scripted"; }

    std::deque<far_end> servers;

private:
    scheduler& scheduler_;
    connection_terms terms_{"Host: h\r\n", true, {}};
};

class http2_lanes : public ::testing::Test {
protected:
    ~http2_lanes() override {
        bench.scope().destroy_all();
        tried.reset();
    }

    struct call {
        wire_request request{"GET", "/", {}, {}};
        stop_signal stop;
        activity told;
        std::optional<exchange_outcome> answer;
        std::optional<failure> refused;
    };

    void make(lane_limits limits = {10, 100}) {
        tried = std::make_unique<lane>(bench.runs_on(), lane_kind::wait, by, gate, streams,
                                       lane_settings{limits, 10s, 30s, 600s});
    }
    /// As the origin does it.
    task<> carry(call& one) {
        auto leased = co_await tried->acquire(one.stop, one.told);
        if (!leased) {
            one.refused = std::move(leased).error();
            co_return;
        }
        auto done = co_await leased->held().carry(one.request, one.stop, one.told);
        if (done.place == place_fate::free) leased->keep_open();
        if (done.place == place_fate::held) leased->leave_held();
        one.answer = std::move(done.answer);
    }
    call& begin() {
        auto& made = calls.emplace_back();
        bench.scope().spawn(carry(made));
        return made;
    }
    void begin(int count) {
        for (int n = 0; n < count; ++n)
            begin();
        bench.settle();
    }
    /// The `n`th server allows `allowed` streams from now on; once what it heard is done.
    void allow(std::size_t n, std::uint32_t allowed) {
        by.servers[n].write(wire::settings({{3, allowed}}));
        settled();
    }
    /// Real sockets take a moment.
    void settled() {
        auto last = bench.live().bytes_received + bench.live().bytes_sent - 1;
        auto now = last + 1;
        for (; now != last; now = bench.live().bytes_received + bench.live().bytes_sent) {
            last = now;
            for (int n = 0; n < 20; ++n)
                bench.settle();
        }
    }
    std::size_t answered() const {
        return static_cast<std::size_t>(std::count_if(
            calls.begin(), calls.end(), [](auto const& each) { return each.answer.has_value(); }));
    }

    testing::strand_bench bench;
    http2_dialler by{bench.runs_on()};
    dial_gate gate{bench.runs_on(), {}};
    stream_memory streams;
    std::unique_ptr<lane> tried;
    std::deque<call> calls;
};

TEST_F(http2_lanes, open_one_connection_while_nothing_is_known) {
    make({10, 1'000});
    EXPECT_FALSE(tried->capacity());
    begin(1'000);
    EXPECT_EQ(by.servers.size(), 1U);
    allow(0, 100);
    EXPECT_EQ(by.servers[0].asked().size(), 100U);
    EXPECT_EQ(by.servers.size(), 10U) << "now it is known how many more are needed";
    EXPECT_EQ(tried->capacity(), 1'000U);
}

TEST_F(http2_lanes, open_no_more_connections_than_will_be_filled) {
    make();
    begin(1);
    allow(0, 100);
    begin(250);
    EXPECT_EQ(by.servers.size(), 3U);
    allow(1, 100);
    allow(2, 100);
    EXPECT_EQ(by.servers[0].asked().size(), 100U);
    EXPECT_EQ(by.servers[1].asked().size() + by.servers[2].asked().size(), 151U);
}

TEST_F(http2_lanes, never_open_more_streams_than_are_allowed) {
    make({1, 100});
    begin(5);
    allow(0, 2);
    EXPECT_EQ(by.servers[0].asked().size(), 2U);
    by.servers[0].answer(1);
    settled();
    EXPECT_EQ(by.servers[0].asked(), std::vector<std::int32_t>{5});
    allow(0, 4);
    EXPECT_EQ(by.servers[0].asked().size(), 2U)
        << "more are allowed, and those who wait are served";
    allow(0, 1);
    by.servers[0].answer(3);
    by.servers[0].answer(5);
    by.servers[0].answer(7);
    settled();
    begin(1);
    EXPECT_TRUE(by.servers[0].asked().empty());
    by.servers[0].answer(9);
    settled();
    EXPECT_EQ(by.servers[0].asked().size(), 1U);
    EXPECT_EQ(answered(), 5U);
}

TEST_F(http2_lanes, keep_the_place_of_who_has_left_until_the_stream_is_reset) {
    make({1, 1'000});
    begin(400);
    allow(0, 400);
    for (std::size_t n = 0; n < 210; ++n)
        calls[n].stop.request(stop_reason::cancelled);
    settled();
    EXPECT_EQ(answered(), 210U);
    begin(300);
    EXPECT_EQ(by.servers[0].asked().size(), 400U + 200U) << "200 were reset at once, ten are to be";
    bench.pass(1s);
    EXPECT_EQ(by.servers[0].asked().size(), 10U);
}

TEST_F(http2_lanes, replace_a_connection_that_the_server_drains) {
    make({2, 100});
    begin(2);
    allow(0, 100);
    by.servers[0].write(wire::goaway(3, 0));
    settled();
    EXPECT_FALSE(by.servers[0].is_closed()) << "what is there goes on";
    begin(1);
    ASSERT_EQ(by.servers.size(), 2U);
    allow(1, 100);
    EXPECT_EQ(by.servers[1].asked().size(), 1U);
    by.servers[0].answer(1);
    by.servers[0].answer(3);
    settled();
    EXPECT_EQ(answered(), 2U);
    EXPECT_TRUE(by.servers[0].is_closed());
    EXPECT_EQ(tried->connections(), 1U);
}

TEST_F(http2_lanes, go_elsewhere_when_a_server_falls_silent) {
    make({2, 100});
    begin(50);
    allow(0, 100);
    bench.pass(39'999ms);
    EXPECT_EQ(answered(), 0U);
    bench.pass(1ms);
    EXPECT_EQ(answered(), 50U);
    for (auto const& each : calls)
        EXPECT_EQ(each.answer->error().why.code, errc::connection_lost);
    EXPECT_TRUE(by.servers[0].is_closed());
    begin(50);
    ASSERT_EQ(by.servers.size(), 2U);
    allow(1, 100);
    EXPECT_EQ(by.servers[1].asked().size(), 50U);
}

TEST_F(http2_lanes, close_what_has_been_idle_for_too_long) {
    make();
    begin(2);
    allow(0, 100);
    by.servers[0].answer(1);
    settled();
    bench.pass(20s);
    by.servers[0].answer(3);
    settled();
    bench.pass(29'999ms);
    EXPECT_FALSE(by.servers[0].is_closed());
    bench.pass(1ms);
    EXPECT_TRUE(by.servers[0].is_closed());
    EXPECT_EQ(tried->connections(), 0U);
}

TEST_F(http2_lanes, drain_a_connection_that_is_too_old) {
    make({2, 100});
    begin(2);
    allow(0, 100);
    for (int n = 0; n < 22; ++n) {
        bench.pass(29s);
        by.servers[0].write(wire::ping("12345678"));
        settled();
    }
    by.servers[0].answer(1);
    settled();
    begin(1);
    EXPECT_EQ(by.servers.size(), 2U) << "it takes no more";
    EXPECT_FALSE(by.servers[0].is_closed());
    by.servers[0].answer(3);
    settled();
    EXPECT_TRUE(by.servers[0].is_closed());
}

TEST_F(http2_lanes, close_behind_those_that_are_carried) {
    make();
    begin(2);
    allow(0, 100);
    tried->close();
    settled();
    EXPECT_FALSE(by.servers[0].is_closed());
    by.servers[0].answer(1);
    by.servers[0].answer(3);
    settled();
    EXPECT_EQ(answered(), 2U);
    EXPECT_EQ(tried->connections(), 0U);
}

TEST_F(http2_lanes, end_all_dials_when_they_close) {
    make();
    begin(3);
    tried->close();
    settled();
    for (auto const& each : calls)
        EXPECT_EQ(each.refused->code, errc::client_closed);
    EXPECT_EQ(tried->connections(), 0U);
}

TEST_F(http2_lanes, expect_nothing_good_of_a_server_that_cannot_be_reached) {
    make();
    begin(1);
    by.servers.clear();
    settled();
    EXPECT_EQ(tried->capacity(), 10U);
    ASSERT_TRUE(calls[0].refused);
    EXPECT_EQ(calls[0].refused->code, errc::connection_lost);
}

} // namespace
} // namespace bctrl::pool
