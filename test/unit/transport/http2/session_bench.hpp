#pragma once

#include "support/http2_frames.hpp"
#include "support/strand_bench.hpp"
#include "transport/http2/session.hpp"

#include <gtest/gtest.h>

#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <sys/socket.h>
#include <unistd.h>

namespace bctrl::http2 {

namespace wire = testing::http2;
using namespace std::chrono_literals;

/// A session, and the test at the other end of its connection. Time stands still unless it is passed.
class sessions : public ::testing::Test, protected session_listener {
protected:
    using pending = testing::pending<carried>;

    struct call {
        wire_request request;
        stop_signal stop;
        activity told;
        pending ended;
    };

    sessions() {
        std::array<int, 2> ends{};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0)
            throw std::system_error{errno, std::generic_category(), "socketpair"};
        net::socket own{bench.runs_on().executor()};
        own.assign(boost::asio::ip::tcp::v4(), ends[0]);
        peer = ends[1];
        tried = std::make_unique<session>(
            std::make_unique<net::stream>(bench.runs_on(), std::move(own)), exchange_limits{},
            scratch);
    }
    ~sessions() override {
        bench.scope().destroy_all();
        tried.reset();
        ::close(peer);
    }

    /// The server has told its settings.
    void settle(std::uint32_t streams = 1'000) {
        auto const settled = bench.start(tried->settle(stop));
        write(wire::settings({{3, streams}}) + wire::settings_taken());
        auto const result = bench.finish(settled);
        ASSERT_TRUE(result) << result.error().message;
        tried->tell(*this);
        read();
    }

    call& begin(std::string body = {}) {
        auto& made = calls.emplace_back();
        made.request.method = body.empty() ? "GET" : "POST";
        made.request.target = "/v1/operations/op_1";
        made.request.body = std::move(body);
        made.ended = std::make_shared<std::optional<carried>>();
        bench.scope().spawn(
            testing::keep(tried->exchange(made.request, head, made.stop, made.told), made.ended));
        return made;
    }
    /// Begins `count` exchanges, whose requests the server has read.
    void begin_many(int count) {
        for (int n = 0; n < count; ++n)
            begin();
        bench.settle();
        read();
    }
    call& begin_one() {
        auto& made = begin();
        bench.settle();
        read();
        return made;
    }
    carried& end_of(call& one) {
        bench.run_until([&] { return one.ended->has_value(); });
        return **one.ended;
    }
    failure const& fault_of(call& one) { return end_of(one).answer.error().why; }

    void write(std::string const& bytes) {
        ASSERT_EQ(::send(peer, bytes.data(), bytes.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(bytes.size()));
    }
    void answer(stream_id id) {
        write(wire::headers(id, {{":status", "200"}}) + wire::data(id, "{}", true));
    }
    /// What has come, one frame after the other; the hello is left out.
    std::vector<wire::frame> read() {
        std::array<char, 65'536> bytes{};
        while (true) {
            auto const got = ::recv(peer, bytes.data(), bytes.size(), MSG_DONTWAIT);
            if (got <= 0) break;
            unread.append(bytes.data(), static_cast<std::size_t>(got));
        }
        constexpr std::string_view preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
        if (unread.starts_with(preface)) unread.erase(0, preface.size());
        return wire::take_frames(unread);
    }
    std::vector<wire::frame> read(wire::frame_type type) {
        auto all = read();
        std::erase_if(all, [type](auto const& each) { return each.type != type; });
        return all;
    }
    /// Whether the session has closed its end.
    bool is_closed() {
        char byte = 0;
        read();
        return ::recv(peer, &byte, 1, MSG_DONTWAIT) == 0;
    }
    void pass(std::chrono::milliseconds time) { bench.pass(time); }

    void session_changed() noexcept override {
        ++changes;
        closed += tried->take_closed();
    }

    testing::strand_bench bench;
    std::vector<char> scratch = std::vector<char>(16'384);
    request_head head{"Host: api.example\r\nAuthorization: Bearer k\r\n", true};
    stop_signal stop;
    int peer = -1;
    std::unique_ptr<session> tried;
    std::deque<call> calls;
    std::string unread;
    int changes = 0;
    std::size_t closed = 0;
};

} // namespace bctrl::http2
