// HTTP/2 without a network: a request is submitted and written, its answer fed.
#include "micro/subjects.hpp"
#include "support/http2_frames.hpp"
#include "transport/http2/engine.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <stdexcept>

namespace bctrl::bench {

namespace {

namespace wire = bctrl::testing::http2;

class exchange final : public http2::exchange_record {
public:
    using exchange_record::exchange_record;
    void moved() noexcept override {}
    void closed(http2::reset_code) noexcept override { ended = true; }

    bool ended = false;
};

class conversation final : private http2::engine_listener {
public:
    conversation() {
        write();
        feed(wire::settings({{3, 1'000}}) + wire::settings_taken());
        write();
    }

    void ask() {
        exchange one{body_};
        if (!engine_.submit(one, head_)) throw std::runtime_error{"the engine takes no request"};
        write();
        feed(wire::headers(one.id, {{":status", "200"}, {"content-type", "application/json"}}) +
             wire::data(one.id, "{}", true) +
             wire::window_update(0, static_cast<std::uint32_t>(body_.size())));
        if (!one.ended) throw std::runtime_error{"the exchange has not ended"};
        // What the engine says of itself.
        write();
    }

private:
    void settings_came() override {}
    void going_away(http2::reset_code, http2::stream_id, std::string_view) override {}

    void feed(std::string const& bytes) {
        if (engine_.feed(bytes)) throw std::runtime_error{"the engine does not understand"};
    }
    void write() {
        written_.clear();
        if (engine_.take_pending(written_, 1'000'000)) throw std::runtime_error{"nothing to write"};
    }

    exchange_limits limits_;
    http2::engine engine_{limits_, *this};
    std::string body_ = R"({"timeoutMs":50000})";
    std::string written_;
    std::array<http2::field, 8> head_{
        {{":method", "POST"},
         {":scheme", "https"},
         {":authority", "api.example"},
         {":path", "/v1/operations/c1f0a9a2-0b55-4f0e-8a5e-52d1f3a7d004/wait"},
         {"authorization", "Bearer a_key_of_forty_characters_as_they_are_us"},
         {"user-agent", "bctrl-cpp/0.1"},
         {"content-type", "application/json"},
         {"content-length", "19"}}};
};

} // namespace

std::vector<subject> http2_subjects() {
    return {{"http2/exchange", [] {
                 auto const made = std::make_shared<conversation>();
                 return [made] { made->ask(); };
             }}};
}

} // namespace bctrl::bench
