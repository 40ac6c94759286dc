// Every fault in every phase of every kind of call, over real sockets: the right error, in time, no
// request sent twice that must not be, and a text that tells a person what to do.

#include "one_call.hpp"
#include "trouble.hpp"

#include <gmock/gmock.h>

#include <tuple>

namespace bctrl::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// How long a call may take that only its own deadline ends.
constexpr auto patience = 300ms;
/// How long any other may take. None comes near it.
constexpr auto ample = 20s;
/// Meets a passing fault and ends with its time; how late it may be is a matter of the machine.
constexpr auto wait_length = 700ms;
constexpr auto most_delay = 5s;

condition group_of(errc code) {
    switch (code) {
        case errc::deadline_exceeded:
            return condition::timeout;
        case errc::malformed_response:
            return condition::protocol;
        default:
            return condition::transport;
    }
}

class faults : public ::testing::TestWithParam<std::tuple<trouble, kind>> {
protected:
    trouble const& what() const { return std::get<0>(GetParam()); }
    kind which() const { return std::get<1>(GetParam()); }

    /// A wait outlives what passes, and ends with its time.
    bool is_outlived() const { return which() == kind::wait && what().passes; }
    /// Whether the call makes another attempt.
    bool is_repeated() const {
        auto const untouched = what().seen == 0;
        return what().passes && (which() != kind::send || untouched);
    }
    std::chrono::milliseconds limit() const {
        if (what().lasts) return patience;
        return is_outlived() ? std::chrono::milliseconds{wait_length} : ample;
    }

    ended meet() {
        auto const at = what().prepare(requests_);
        auto config = config_of(at.base_url, at.ca_file);
        if (what().code == errc::connect_failed) config.connect_timeout = 200ms;
        client made{loop_.executor(), config};
        auto work = [](client& c, kind k,
                       std::chrono::milliseconds most) -> asio::awaitable<ended> {
            auto seen = co_await end_of(c, k, most);
            co_await c.close(0ms);
            co_return seen;
        };
        auto seen = loop_.run(work(made, which(), limit()));
        address_ = at.base_url;
        return seen;
    }

    event_loop loop_;
    request_count requests_ = std::make_shared<std::atomic<int>>(0);
    std::string address_;
};

TEST_P(faults, end_calls_as_they_should) {
    auto const seen = meet();
    ASSERT_FALSE(seen.well);
    RecordProperty("text", seen.text);

    EXPECT_EQ(seen.code, is_outlived() ? errc::deadline_exceeded : what().code) << seen.text;
    if (is_outlived()) {
        EXPECT_EQ(seen.details.cause, what().code) << seen.text;
    }
    auto const code = static_cast<errc>(seen.code.value());
    EXPECT_EQ(seen.code, group_of(code)) << seen.text;
    EXPECT_EQ(seen.code == condition::retryable, what().passes && !is_outlived()) << seen.text;
    EXPECT_LT(seen.took, limit() + most_delay);
    if (what().lasts || is_outlived()) {
        EXPECT_GE(seen.took, limit());
    }

    auto const attempts = seen.details.attempts;
    if (!is_outlived()) {
        EXPECT_EQ(attempts, is_repeated() ? most_attempts : 1U);
    }
    // An attempt that is under way when the time is up may not have got as far.
    EXPECT_LE(*requests_, static_cast<int>(attempts) * what().seen);
    EXPECT_GE(*requests_, (static_cast<int>(attempts) - (is_outlived() ? 1 : 0)) * what().seen);

    EXPECT_THAT(seen.text, HasSubstr(address_));
    EXPECT_THAT(seen.text, HasSubstr(which() == kind::send ? "send POST" : "operations."));
    EXPECT_THAT(seen.text, Not(HasSubstr("canary")));
    auto const sent = which() == kind::send && what().seen > 0;
    EXPECT_THAT(seen.text, HasSubstr(sent ? "may have carried the request out" : what().advises));
    for (auto const& each : what().says)
        EXPECT_THAT(seen.text, HasSubstr(each));
}

auto const all_kinds = ::testing::Values(kind::get, kind::cancel, kind::wait, kind::send);

std::string name_of_pair(::testing::TestParamInfo<std::tuple<trouble, kind>> const& of) {
    return std::string{std::get<0>(of.param).name} + "_" + name_of(std::get<1>(of.param));
}

INSTANTIATE_TEST_SUITE_P(dialling, faults,
                         ::testing::Combine(::testing::ValuesIn(dialling_troubles()), all_kinds),
                         name_of_pair);
INSTANTIATE_TEST_SUITE_P(exchange, faults,
                         ::testing::Combine(::testing::ValuesIn(exchange_troubles()), all_kinds),
                         name_of_pair);

} // namespace
} // namespace bctrl::test
