#pragma once

#include "client_fixture.hpp"

#include "support/cancellable_call.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace bctrl::test {

/// What the calls of a storm are about.
struct storm_targets {
    std::vector<std::string> endless; ///< operations that do not end
    std::string ended;                ///< one that has
    std::string run;

    static storm_targets on(emulator::server& server) {
        storm_targets made;
        made.endless = server.create_operations(2'000, life_of(600s));
        made.ended = server.create_operation(life_of(0ms));
        made.run = "run";
        server.create_invocations(20, life_of(0ms), made.run);
        return made;
    }
};

/// What became of a storm's calls. Safe from any thread.
class storm_account {
public:
    explicit storm_account(int calls) noexcept : left_{calls} {}

    /// Whether one more is to be made.
    bool take_one() noexcept { return left_.fetch_sub(1) > 0; }
    void ended(error_code with) {
        if (!with) {
            ++answered_;
        } else if (with == asio::error::operation_aborted) {
            ++aborted_;
        } else {
            std::scoped_lock const lock{mutex_};
            ++others_[with.message()];
        }
    }

    std::atomic<int>& alive() noexcept { return alive_; }
    int answered() const noexcept { return answered_; }
    int aborted() const noexcept { return aborted_; }
    /// Those that ended in another way, by what they say.
    std::map<std::string, int> const& others() const noexcept { return others_; }

private:
    std::atomic<int> left_;
    std::atomic<int> answered_ = 0, aborted_ = 0, alive_ = 0;
    std::mutex mutex_;
    std::map<std::string, int> others_;
};

/// Begins calls of every kind with every kind of token, one after the other, and cancels each at a
/// random moment; on the executor where it runs.
class storm_caller {
public:
    storm_caller(client& with, storm_targets const& about, storm_account& account,
                 std::uint64_t seed)
        : client_{with}, about_{about}, account_{account}, chance_{seed} {}

    asio::awaitable<void> call_again_and_again() {
        auto const here = co_await asio::this_coro::executor;
        asio::steady_timer pause{here};
        while (account_.take_one()) {
            testing::cancellable_call call{here, account_.alive()};
            auto const what = any_of(testing::every_call);
            call.begin(client_, what, any_of(testing::every_token), target(what), body(what));
            pause.expires_after(moment(what));
            co_await pause.async_wait(asio::use_awaitable);
            call.emit(any_of(testing::every_cancellation));
            for (int n = 0; n < 5'000 && call.endings() == 0; ++n) {
                pause.expires_after(1ms);
                co_await pause.async_wait(asio::use_awaitable);
            }
            EXPECT_EQ(call.endings(), 1) << testing::name_of(what);
            account_.ended(call.code());
        }
    }

private:
    using call_kind = testing::call_kind;

    template <class Value, std::size_t Size>
    Value any_of(std::array<Value, Size> const& all) {
        return all[std::uniform_int_distribution<std::size_t>{0, all.size() - 1}(chance_)];
    }
    std::string const& one_endless() {
        auto const last = about_.endless.size() - 1;
        return about_.endless[std::uniform_int_distribution<std::size_t>{0, last}(chance_)];
    }
    /// Waits are parked for long; the others are over in a moment, and must be met before.
    std::chrono::microseconds moment(call_kind what) {
        auto const latest = what == call_kind::wait ? 30'000 : 3'000;
        return std::chrono::microseconds{std::uniform_int_distribution{0, latest}(chance_)};
    }
    std::string target(call_kind what) {
        switch (what) {
            case call_kind::get:
            case call_kind::wait:
                return one_endless();
            case call_kind::cancel:
                return about_.ended;
            case call_kind::send:
                return "/v1/operations/" + one_endless() + "/wait";
            case call_kind::page:
                return about_.run;
        }
        return {};
    }
    static json_text body(call_kind what) {
        return what == call_kind::send ? *json_text::from(R"({"timeoutMs":10})") : json_text{};
    }

    client& client_;
    storm_targets const& about_;
    storm_account& account_;
    std::mt19937_64 chance_;
};

/// Each call has ended once, in one of two ways, and is counted so by the client.
inline void expect_all_ended(storm_account const& account, client_stats const& stats, int calls) {
    for (auto const& [what, count] : account.others())
        ADD_FAILURE() << count << " calls ended with: " << what;
    EXPECT_EQ(account.aborted() + account.answered(), calls);
    EXPECT_EQ(stats.calls_cancelled, account.aborted());
    EXPECT_EQ(stats.calls_succeeded, account.answered());
    EXPECT_GT(account.aborted(), calls / 4) << "most signals came too late to mean anything";
}

inline void expect_nothing_left(client_stats const& left) {
    EXPECT_EQ(left.calls, 0);
    EXPECT_EQ(left.queued, 0);
    EXPECT_EQ(left.dials, 0);
    EXPECT_EQ(left.sockets, 0);
    EXPECT_EQ(left.watches, 0);
}

} // namespace bctrl::test
