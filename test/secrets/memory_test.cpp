// What is left of the key in the memory of a process: while a client lives, and after it.

#include "secrets/forked_peer.hpp"
#include "secrets/memory_scan.hpp"
#include "support/http2_frames.hpp"
#include "support/temporary_path.hpp"
#include "support/tls_peer.hpp"

#include <bctrl/client.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include <malloc.h>

namespace bctrl::test {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr std::string_view operation_document =
    R"({"id":"op_1","status":"queued","workspaceId":"w","runtime":"r","runtimeId":"i",)"
    R"("runtimeKind":"browser","createdAt":"2026-01-01T00:00:00Z"})";

/// Answers a get, holds a wait, and stops reading in the middle of anything sent to `/v1/stuck`.
template <class Connection>
void play_service(Connection& with) {
    while (true) {
        auto const head = with.read_until("\r\n\r\n");
        if (head.empty()) return;
        if (head.starts_with("POST")) ::pause(); // until the process ends
        auto const refused = head.starts_with("GET /v1/operations/refused");
        std::string answer = refused ? "HTTP/1.1 401 X\r\n" : "HTTP/1.1 200 OK\r\n";
        answer += "Content-Type: application/json\r\nContent-Length: " +
                  std::to_string(operation_document.size()) + "\r\n\r\n";
        with.write(answer.append(operation_document));
    }
}

/// The same over HTTP/2, whose windows it never opens, so that what is large is stuck.
void play_service_over_http2(testing::peer_connection& with) {
    namespace wire = testing::http2;
    wire::header_reader reader;
    std::string unread;
    with.read_until("SM\r\n\r\n");
    with.write(wire::settings() + wire::settings_taken());
    for (auto more = with.read_some(); !more.empty(); more = with.read_some()) {
        unread += more;
        for (auto const& each : wire::take_frames(unread)) {
            if (each.type != wire::frame_type::headers) continue;
            auto const asked = reader.read(each.payload);
            if (asked[0].second == "POST") continue;
            auto const refused = asked[3].second.ends_with("/refused");
            with.write(wire::headers(each.stream, {{":status", refused ? "401" : "200"},
                                                   {"content-type", "application/json"}}) +
                       wire::data(each.stream, std::string{operation_document}, true));
        }
    }
}

/// A client that does everything in which the key takes part.
class life {
public:
    life(client_config const& config, std::size_t waits)
        : client_{context_.get_executor(), config} {
        for (std::size_t n = 0; n < waits; ++n)
            park("op_" + std::to_string(n));
    }
    ~life() {
        client_.abandon();
        context_.restart();
        context_.run();
    }

    error_code get(std::string const& id) {
        std::optional<error_code> ended;
        client_.operations().get(id, [&](error_code ec, operation const&) { ended = ec; });
        run_until([&] { return ended.has_value(); });
        return *ended;
    }

    /// A request of many headers, so that its text is longer than most.
    error_code send_much(std::string const& path) {
        request what{"GET", path};
        for (int n = 0; n < 50; ++n)
            what.header("X-Number-" + std::to_string(n), std::string(100, 'x'));
        std::optional<error_code> ended;
        client_.send(std::move(what), [&](error_code ec, response const&) { ended = ec; });
        run_until([&] { return ended.has_value(); });
        return *ended;
    }

    /// A request that is cancelled while it is being written.
    error_code get_stuck() {
        std::optional<error_code> ended;
        asio::cancellation_signal stop;
        auto what = request{"POST", "/v1/stuck"};
        what.body(*json_text::from('"' + std::string(32 << 20, 'b') + '"'));
        client_.send(std::move(what),
                     asio::bind_cancellation_slot(
                         stop.slot(), [&](error_code ec, response const&) { ended = ec; }));
        run_until([&] { return calls_in(call_phase::sending) == 1; });
        stop.emit(asio::cancellation_type::terminal);
        run_until([&] { return ended.has_value(); });
        return *ended;
    }

    std::size_t calls_in(call_phase phase) {
        std::optional<std::size_t> found;
        client_.explain([&](error_code, explanation const& seen) {
            found = static_cast<std::size_t>(
                std::count_if(seen.calls.begin(), seen.calls.end(),
                              [phase](auto const& each) { return each.phase == phase; }));
        });
        run_until([&] { return found.has_value(); });
        return *found;
    }

    template <class Condition>
    void run_until(Condition condition) {
        auto const end = std::chrono::steady_clock::now() + 30s;
        while (!condition() && std::chrono::steady_clock::now() < end) {
            context_.restart();
            context_.run_one_for(100ms);
        }
        EXPECT_TRUE(condition()) << "nothing more happens";
    }

private:
    void park(std::string const& id) {
        client_.operations().wait(id, [](error_code, operation_wait_result const&) {});
    }

    asio::io_context context_;
    client client_;
};

enum class way { plain, tls, http2 };

constexpr char const* name_of(way which) {
    constexpr char const* names[] = {"plain", "tls", "http2"};
    return names[static_cast<std::size_t>(which)];
}

class key_in_memory : public ::testing::TestWithParam<std::tuple<way, std::size_t>> {
protected:
    key_in_memory() {
        authority_.write_ca(ca_.path());
        // What is given back stays in the process, so that it can be searched.
        ::mallopt(M_MMAP_MAX, 0);
        ::mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
    }

    way which() const { return std::get<0>(GetParam()); }
    bool secure() const { return which() == way::tls; }

    testing::scripted_peer::script script() {
        if (secure())
            return tls_.after_handshake([](testing::tls_connection& c) { play_service(c); });
        if (which() == way::http2) return play_service_over_http2;
        return [](testing::peer_connection& c) { play_service(c); };
    }
    client_config config() const {
        client_config made;
        made.base_url = (secure() ? "https://localhost:" : "http://localhost:") +
                        std::to_string(server_.port());
        made.ca_file = ca_.string();
        if (which() == way::http2) made.http = http_version::http2;
        made.key = api_key{key_.reveal()};
        return made;
    }

    emulator::certificate_authority authority_;
    temporary_path ca_{".pem"};
    testing::tls_peer tls_{authority_.issue()};
    testing::forked_peer server_{script()};
    hidden_key key_{std::get<1>(GetParam())};
};

TEST_P(key_in_memory, is_there_twice_however_many_calls_wait_and_gone_behind_them) {
    constexpr std::size_t waits = 30;
    {
        auto settings = std::make_unique<client_config>(config());
        EXPECT_EQ(key_.copies_in_memory(), 1U) << "in the configuration";
        life client{*settings, waits};
        client.run_until([&] { return client.calls_in(call_phase::parked) == waits; });
        // One that all settings share, and one in the header lines of every request.
        EXPECT_EQ(key_.copies_in_memory(), 2U) << "while calls wait";
        settings.reset();
        EXPECT_FALSE(client.get("op_1"));
        EXPECT_EQ(client.get("refused"), errc::unauthenticated);
        EXPECT_FALSE(client.send_much("/v1/anything"));
        EXPECT_EQ(client.get_stuck(), asio::error::operation_aborted);
        EXPECT_EQ(key_.copies_in_memory(), 2U) << "behind other calls";
    }
    EXPECT_EQ(key_.copies_in_memory(), 0U) << "behind the client";
}

TEST_P(key_in_memory, is_wiped_where_it_was_copied_moved_and_assigned) {
    {
        client_config first = config();
        client_config second = first;
        auto third = std::move(second);
        second = third;
        third = client_config{};
        first = std::move(second);
        EXPECT_EQ(key_.copies_in_memory(), 1U);
    }
    EXPECT_EQ(key_.copies_in_memory(), 0U);
}

INSTANTIATE_TEST_SUITE_P(of, key_in_memory,
                         ::testing::Combine(::testing::Values(way::plain, way::tls, way::http2),
                                            ::testing::Values(12U, 60U)),
                         [](auto const& each) {
                             return std::string{name_of(std::get<0>(each.param))} + "_" +
                                    std::to_string(std::get<1>(each.param));
                         });

TEST(hidden_key, is_found_where_it_was_left) {
    hidden_key const key{40};
    EXPECT_EQ(key.copies_in_memory(), 0U);
    auto copy = std::make_unique<std::string>(key.reveal());
    EXPECT_EQ(key.copies_in_memory(), 1U);
    copy.reset();
    EXPECT_EQ(key.copies_in_memory(), 1U) << "memory that is given back is not cleared";
}

} // namespace
} // namespace bctrl::test
