#pragma once

#include "support/http2_frames.hpp"
#include "transport/http2/engine.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bctrl::http2 {

namespace wire = testing::http2;

/// An exchange that remembers what it was told.
class seen_exchange final : public exchange_record {
public:
    using exchange_record::exchange_record;
    void moved() noexcept override { ++moves; }
    void closed(reset_code why) noexcept override {
        EXPECT_FALSE(ended) << "closed twice";
        ended = why;
    }

    int moves = 0;
    std::optional<reset_code> ended;
};

/// An engine, and the frames that it writes.
class engines : public ::testing::Test, protected engine_listener {
protected:
    engines() { greet(); }

    /// Both sides have said hello; the server allows `streams`.
    void greet(std::uint32_t streams = 100) {
        hello = written();
        EXPECT_TRUE(hello.starts_with(preface));
        hello.erase(0, preface.size());
        EXPECT_TRUE(feed(wire::settings({{3, streams}}) + wire::settings_taken()));
        frames();
    }

    seen_exchange& submit(std::string body = {}, std::string path = "/v1/operations/op_1") {
        auto const& kept = bodies.emplace_back(std::move(body));
        auto& made = exchanges.emplace_back(kept);
        std::vector<field> const head{{":method", kept.empty() ? "GET" : "POST"},
                                      {":scheme", "https"},
                                      {":authority", "api.example"},
                                      {":path", path},
                                      {"authorization", "Bearer the_key_of_this_test"},
                                      {"user-agent", "bctrl-cpp/0.1 and some more"}};
        EXPECT_TRUE(tried.submit(made, head));
        return made;
    }
    /// One that the server has read.
    seen_exchange& ask(std::string body = {}) {
        auto& made = submit(std::move(body));
        frames();
        return made;
    }

    bool feed(std::string const& bytes) {
        fault = tried.feed(bytes);
        return !fault;
    }
    /// An answer with nothing special about it.
    void answer(stream_id id, std::string body = "{}") {
        EXPECT_TRUE(
            feed(wire::headers(id, {{":status", "200"}}) + wire::data(id, std::move(body), true)));
    }
    std::string written() {
        std::string bytes;
        EXPECT_FALSE(tried.take_pending(bytes, 1 << 20));
        return bytes;
    }
    std::vector<wire::frame> frames() {
        unread += written();
        return wire::take_frames(unread);
    }
    /// The frames of one type among those that are pending.
    std::vector<wire::frame> frames(wire::frame_type type) {
        auto all = frames();
        std::erase_if(all, [type](auto const& each) { return each.type != type; });
        return all;
    }

    void settings_came() noexcept override { ++settings; }
    void going_away(reset_code why, stream_id last, std::string_view text) noexcept override {
        goodbyes.emplace_back(why, text);
        last_taken = last;
    }

    static constexpr std::string_view preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    exchange_limits limits{1'000, 10'000, 20};
    int settings = 0;
    std::vector<std::pair<reset_code, std::string>> goodbyes;
    stream_id last_taken = 0;
    engine tried{limits, *this};
    std::deque<std::string> bodies; ///< outlive their exchanges
    std::deque<seen_exchange> exchanges;
    std::string hello;
    std::string unread;
    std::optional<failure> fault;
};

} // namespace bctrl::http2
