// What a server may send to a client session over HTTP/2. The first two bytes of an input choose in which pieces the
// rest arrives, and what the client does between them: it asks, leaves, resets, or asks for a sign of life.

#include "fuzz/fuzz.hpp"
#include "transport/http2/engine.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace bctrl::http2 {
namespace {

using fuzz::require;

constexpr exchange_limits small{512, 1024, 16};

class asked final : public exchange_record {
public:
    using exchange_record::exchange_record;
    void moved() noexcept override { require(!ended_, "nothing moves behind the end"); }
    void closed(reset_code) noexcept override {
        require(!ended_, "an exchange ends once");
        require(!left_, "who has left is not told");
        ended_ = true;
    }
    void leave() noexcept { left_ = true; }
    bool is_open() const noexcept { return !ended_ && !left_; }

    void expect_sound() const {
        require(answer != nullptr || !complete, "what has not begun has not ended");
        if (!answer) return;
        require(answer->body.size() <= small.body_bytes, "the body is within its limit");
        require(answer->headers.size() <= small.header_fields, "so is the number of fields");
        std::size_t head = 0;
        for (auto const& each : answer->headers) {
            head += each.name.size() + each.value.size();
            require(!each.name.empty() && each.name.front() != ':',
                    "a field has a name of its own");
        }
        require(head <= small.header_bytes, "the head is within its limit");
        if (!complete) return;
        require(!refused, "what was refused is not complete");
        require(answer->status >= 200 && answer->status <= 999, "an answer is no interim one");
    }

private:
    bool ended_ = false;
    bool left_ = false;
};

class conversation final : private engine_listener {
public:
    explicit conversation(unsigned char actions) : actions_{actions} {
        ask("{\"timeoutMs\":1000}");
        ask({});
    }

    void hear(std::string_view text, std::size_t piece) {
        while (!text.empty() && !over_) {
            auto const next = text.substr(0, piece);
            text.remove_prefix(next.size());
            over_ = engine_.feed(next).has_value();
            act();
            speak();
            over_ = over_ || engine_.is_over();
        }
        for (auto const& each : all_)
            each.expect_sound();
    }

private:
    /// @param body outlives this
    void ask(std::string_view body) {
        if (all_.size() == most_asked) return;
        auto& made = all_.emplace_back(body);
        std::array<field, 4> const head{{{":method", body.empty() ? "GET" : "POST"},
                                         {":scheme", "https"},
                                         {":authority", "h"},
                                         {":path", "/"}}};
        if (!engine_.submit(made, head)) all_.pop_back();
    }
    void act() {
        auto const now = static_cast<unsigned>(actions_ >> (turn_++ % 4 * 2)) & 3U;
        if (now == 1) ask({});
        if (now == 2) engine_.ping();
        if (now == 3) leave();
    }
    void leave() {
        auto const open =
            std::find_if(all_.begin(), all_.end(), [](auto const& each) { return each.is_open(); });
        if (open == all_.end()) return;
        engine_.forget(*open);
        open->leave();
        engine_.reset(open->id, reset_code::cancel);
    }
    void speak() {
        std::string pending;
        over_ = engine_.take_pending(pending, 1 << 20).has_value() || over_;
        require(pending.size() <= (2 << 20), "what is to be sent is bounded");
    }

    void settings_came() noexcept override {}
    void going_away(reset_code, stream_id, std::string_view text) noexcept override {
        require(text.size() <= (1U << 14), "a goodbye is no longer than a frame");
    }

    static constexpr std::size_t most_asked = 50;

    engine engine_{small, *this};
    std::deque<asked> all_;
    unsigned turn_ = 0;
    unsigned char actions_;
    bool over_ = false;
};

} // namespace
} // namespace bctrl::http2

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
    constexpr std::size_t control_size = 2;
    if (size <= control_size) return 0;
    auto const input = bctrl::fuzz::as_text(data, size);
    auto const piece = static_cast<std::size_t>(data[0]) + 1;
    bctrl::http2::conversation{data[1]}.hear(input.substr(control_size), piece);
    return 0;
}
