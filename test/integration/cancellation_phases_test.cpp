// Every call, begun with every kind of token, ends at once for every type of cancellation, whatever it
// is doing. What "at once" is does not depend on the machine: turns of the context are counted.

#include "canned_server.hpp"
#include "client_fixture.hpp"
#include "phase_server.hpp"

#include "support/ca_file.hpp"
#include "support/cancellable_call.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>

#include <atomic>
#include <functional>
#include <tuple>

#include <netdb.h>

namespace {

/// Look-ups of names hang while this is set.
std::atomic<bool> names_are_held{false};

} // namespace

/// In the place of the C library's: this program looks up no name that could be found.
extern "C" int getaddrinfo(char const*, char const*, addrinfo const*, addrinfo**) {
    names_are_held.wait(true);
    return EAI_FAIL;
}

namespace bctrl::test {
namespace {

using testing::call_kind;
using testing::cancellable_call;
using testing::token_kind;

enum class phase {
    queued,
    resolving,
    connecting,
    handshaking,
    sending,
    awaiting,
    reading,
    backing_off,
    pacing,
    early_answer,
};

constexpr std::array phase_names{"queued",  "resolving",   "connecting", "handshaking",
                                 "sending", "awaiting",    "reading",    "backing_off",
                                 "pacing",  "early_answer"};

bool is_for_waits(phase which) {
    return which == phase::pacing || which == phase::early_answer;
}

/// Turns of the context from the signal to the end of the call: the strand's, that of what was parked
/// there, a second one for a wait that shares its poll, and those of Asio's own coroutines.
constexpr int most_turns = 10;

std::string busy(std::string const& more_headers = {}) {
    return "HTTP/1.1 503 Service Unavailable\r\n" + more_headers + "Content-Length: 0\r\n\r\n";
}

std::string still_running() {
    return http_answer("200 OK", "application/json",
                       read_file(BCTRL_TEST_DATA "/operation-wait-still-running.json"));
}

/// A client whose calls stay in one phase.
class held_calls {
public:
    held_calls(asio::io_context& context, phase where, call_kind what)
        : context_{context}, where_{where}, what_{what} {
        names_are_held = where == phase::resolving;
        using manner = phase_server::manner;
        auto const how = where == phase::sending ? manner::deaf : manner::silent;
        if (where == phase::connecting)
            full_.emplace(context);
        else
            server_.emplace(context, how, answer());
        client_.emplace(context.get_executor(), config());
        if (where == phase::queued) occupy();
    }
    ~held_calls() { release_names(); }

    bctrl::client& client() noexcept { return *client_; }
    phase_server& server() noexcept { return *server_; }

    std::string about() const { return what_ == call_kind::send ? "/v1/runs" : "held"; }
    json_text body() const {
        // More than all buffers on the way hold together.
        static auto const large = *json_text::from("\"" + std::string(16'000'000, 'x') + "\"");
        if (where_ == phase::sending) return large;
        return what_ == call_kind::send ? *json_text::from("{}") : json_text{};
    }

    /// Runs the context until the call is where it is to be.
    bool reached() {
        bool there = false;
        for (int n = 0; n < 2'000 && !there; ++n) {
            client_->explain([&](error_code, explanation const& seen) { there = holds(seen); });
            context_.run_one_for(5ms);
            context_.restart();
            context_.poll();
        }
        return there;
    }

    static void release_names() {
        names_are_held = false;
        names_are_held.notify_all();
    }

private:
    client_config config() const {
        client_config made;
        made.key = api_key{"key"};
        made.limits.control_connections = made.limits.wait_connections = 1;
        made.retry.base_delay = 2ms;
        made.wait.probe_interval = made.wait.floor = made.wait.max_floor = 1h;
        made.base_url = "http://" + authority();
        if (where_ == phase::resolving) made.allow_insecure_http = true;
        if (where_ == phase::handshaking) {
            made.base_url = "https://" + authority();
            made.ca_file = ca_.path();
        }
        return made;
    }
    std::string authority() const {
        if (where_ == phase::resolving) return "nobody.invalid";
        return full_ ? full_->authority() : server_->authority();
    }
    std::string answer() const {
        switch (where_) {
            case phase::reading:
                return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                       "100\r\n\r\n{";
            case phase::backing_off:
                return busy("Retry-After: 30\r\n");
            case phase::pacing:
                return busy();
            case phase::early_answer:
                return still_running();
            default:
                return {};
        }
    }
    /// Takes the only connection of the lane.
    void occupy() {
        auto const ignored = [](error_code, auto const&) {};
        if (what_ == call_kind::wait)
            client_->operations().wait("other", ignored);
        else
            client_->operations().get("other", ignored);
    }

    bool holds(explanation const& seen) const {
        if (seen.calls.empty()) return false;
        auto const& call = seen.calls.back();
        auto const pauses = [&](pause_reason why) {
            return call.phase == call_phase::pausing && call.pause == why;
        };
        auto const& lane = seen.lanes[call.lane == lane_kind::wait ? 1 : 0];
        switch (where_) {
            case phase::queued:
                return call.phase == call_phase::queued && lane.in_use == 1;
            case phase::resolving:
                return lane.resolving == 1 && seen.stats.dials == 1;
            case phase::connecting:
                return lane.connecting == 1;
            case phase::handshaking:
                return lane.handshaking == 1;
            case phase::sending:
                return call.phase == call_phase::sending;
            case phase::awaiting:
                return call.phase == call_phase::awaiting || call.phase == call_phase::parked;
            case phase::reading:
                return call.phase == call_phase::reading;
            case phase::backing_off:
                return pauses(pause_reason::backoff);
            case phase::pacing:
                return pauses(pause_reason::pacing);
            case phase::early_answer:
                return pauses(pause_reason::early_answer);
        }
        return false;
    }

    asio::io_context& context_;
    phase where_;
    call_kind what_;
    emulator::certificate_authority authority_;
    testing::ca_file ca_{authority_};
    std::optional<phase_server> server_;
    std::optional<full_port> full_;
    std::optional<bctrl::client> client_;
};

using where_and_what = std::tuple<phase, call_kind>;

class held_call : public ::testing::TestWithParam<where_and_what> {
protected:
    ~held_call() override { held_calls::release_names(); }

    /// Cancels a call that is held, and lets it end.
    void cancel_one(token_kind how, asio::cancellation_type type) {
        auto const [where, what] = GetParam();
        asio::io_context context{1};
        held_calls held{context, where, what};
        auto const others = where == phase::queued ? 1 : 0;
        cancellable_call call{context.get_executor(), alive_};
        call.begin(held.client(), what, how, held.about(), held.body());
        ASSERT_TRUE(held.reached());
        ASSERT_EQ(call.endings(), 0);

        call.emit(type);
        int turns = 0;
        while (call.endings() == 0 && context.poll_one() > 0)
            ++turns;
        EXPECT_EQ(call.endings(), 1);
        EXPECT_LE(turns, most_turns);
        EXPECT_EQ(call.code(), asio::error::operation_aborted);
        EXPECT_EQ(held.client().stats().calls, others);
        EXPECT_EQ(held.client().stats().calls_cancelled, 1);
        expect_closed_connection(context, held);

        call.emit(type);
        end(context, held.client());
        EXPECT_EQ(call.endings(), 1);
    }

    /// What was sent is not left hanging on the server.
    static void expect_closed_connection(asio::io_context& context, held_calls& held) {
        auto const where = std::get<0>(GetParam());
        if (where != phase::sending && where != phase::awaiting && where != phase::reading) return;
        if (where == phase::sending) held.server().listen_to_all();
        for (int n = 0; n < 1'000 && held.server().closed() == 0; ++n)
            context.run_one_for(5ms);
        EXPECT_EQ(held.server().closed(), 1);
    }

    void end(asio::io_context& context, client& with) {
        held_calls::release_names();
        bool closed = false;
        with.close(0ms, [&](error_code ec) { closed = !ec; });
        for (int n = 0; n < 1'000 && !closed; ++n)
            context.run_one_for(5ms);
        EXPECT_TRUE(closed);
        auto const left = with.stats();
        EXPECT_EQ(left.calls + left.queued + left.dials + left.sockets + left.watches, 0);
        EXPECT_EQ(alive_, 0);
    }

    std::atomic<int> alive_ = 0;
};

TEST_P(held_call, ends_at_once_and_once) {
    for (auto const how : testing::every_token)
        for (auto const type : testing::every_cancellation) {
            SCOPED_TRACE(std::string{testing::name_of(how)} + ", type " +
                         std::to_string(static_cast<unsigned>(type)));
            cancel_one(how, type);
        }
}

std::vector<where_and_what> possible() {
    std::vector<where_and_what> all;
    for (std::size_t n = 0; n < phase_names.size(); ++n)
        for (auto const what : testing::every_call) {
            auto const where = static_cast<phase>(n);
            if (is_for_waits(where) && what != call_kind::wait) continue;
            // Only what has a large body is long in being sent.
            if (where == phase::sending && what != call_kind::send) continue;
            all.emplace_back(where, what);
        }
    return all;
}

std::string name_of(::testing::TestParamInfo<where_and_what> const& given) {
    auto const where = static_cast<std::size_t>(std::get<0>(given.param));
    return std::string{phase_names[where]} + "_" + testing::name_of(std::get<1>(given.param));
}

INSTANTIATE_TEST_SUITE_P(every_phase, held_call, ::testing::ValuesIn(possible()), name_of);

/// Calls against a server that answers, cancelled in the turn in which a given part of the way is done.
class answered_call : public ::testing::TestWithParam<call_kind> {
protected:
    answered_call() {
        emulator_->create_operation(life_of(0ms), "ended");
        emulator_->create_invocations(3, life_of(0ms), "ended");
    }

    secure_emulator emulator_;
    std::atomic<int> alive_ = 0;
};

/// The signal comes after `turns` turns: before the beginning, on the way, in the very turn of the end,
/// after it. The call ends once, with its answer or without.
TEST_P(answered_call, ends_once_in_whatever_turn_it_is_cancelled) {
    auto const what = GetParam();
    for (auto const how : testing::every_token) {
        int aborted = 0, answered = 0;
        // What comes before a coroutine's first step is not for its calls.
        auto const first = how == token_kind::callback || how == token_kind::future ? 0 : 1;
        for (int turns = first; turns < 60; ++turns) {
            SCOPED_TRACE(std::string{testing::name_of(how)} + ", turn " + std::to_string(turns));
            asio::io_context context{1};
            client with{context.get_executor(), emulator_.config()};
            cancellable_call call{context.get_executor(), alive_};
            call.begin(with, what, how, what == call_kind::send ? "/emulator/operations" : "ended",
                       *json_text::from("{}"));
            for (int n = 0; n < turns && call.endings() == 0; ++n)
                context.run_one_for(1s);
            call.emit(asio::cancellation_type::terminal);
            call.emit(asio::cancellation_type::terminal);
            with.close(10s, [](error_code ec) { EXPECT_FALSE(ec); });
            context.run_for(20s);
            ASSERT_TRUE(context.stopped());
            ASSERT_EQ(call.endings(), 1);
            if (call.code() == asio::error::operation_aborted)
                ++aborted;
            else
                ++answered;
            EXPECT_TRUE(!call.code() || call.code() == asio::error::operation_aborted)
                << call.code().message();
            ASSERT_EQ(alive_, 0);
        }
        EXPECT_GT(aborted, 2) << testing::name_of(how);
        EXPECT_GT(answered, 2) << testing::name_of(how);
    }
}

INSTANTIATE_TEST_SUITE_P(every_call, answered_call, ::testing::ValuesIn(testing::every_call),
                         [](auto const& given) { return testing::name_of(given.param); });

} // namespace
} // namespace bctrl::test
