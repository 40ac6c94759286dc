// Waits through proxies that cut them, are reloaded, or lose their backend, in real time.

#include "proxy_fixture.hpp"

#include <algorithm>

namespace bctrl::test {
namespace {

std::int64_t cuts_in(std::vector<logged_request> const& answered) {
    return std::count_if(answered.begin(), answered.end(),
                         [](auto const& each) { return each.status == 502 || each.status == 504; });
}

class proxy_waits : public proxies {
protected:
    /// No poll is in flight any more that asks for longer than what was learned.
    bool has_learned(client const& with) {
        auto const seen = explain(with);
        auto const most = seen.waits.learned_slice;
        return most && std::all_of(seen.calls.begin(), seen.calls.end(), [&](auto const& each) {
                   return each.phase == call_phase::parked && each.asked <= most;
               });
    }
};

BCTRL_WITH_EVERY_PROXY(proxy_waits);

TEST_P(proxy_waits, learn_from_cuts_after_five_seconds) {
    proxy_settings wanted;
    wanted.read_timeout = 5s;
    start_proxy(wanted);
    auto const with = make_client();
    auto const& first = begin_wait(with, 20s);
    auto const& second = begin_wait(with, 21s, emulator::ending::failed);
    until([&] { return has_learned(with); });
    auto const cuts = with.stats().wait_faults;
    EXPECT_LT(explain(with).waits.learned_slice, 4'500ms);
    auto const& late = begin_wait(with, 6s);
    until_all_ended();

    expect_right_endings();
    EXPECT_GE(first.account.faults, 2U);
    EXPECT_GE(second.account.faults, 2U);
    EXPECT_EQ(late.account.faults, 0U);
    EXPECT_GE(late.account.polls, 2U);
    EXPECT_EQ(with.stats().wait_faults, cuts) << "what has been learned is kept to";
    EXPECT_EQ(cuts_in(stop_proxy()), cuts);
}

TEST_P(proxy_waits, that_are_many_learn_too) {
    proxy_settings wanted;
    wanted.read_timeout = 5s;
    start_proxy(wanted);
    auto const with = make_client();
    begin_waits(with, 60, 21s, 25s);
    until([&] { return has_learned(with); });
    auto const cuts = with.stats().wait_faults;
    until_all_ended();
    expect_right_endings();
    EXPECT_EQ(with.stats().wait_faults, cuts) << "what has been learned is kept to";
    EXPECT_EQ(cuts_in(stop_proxy()), cuts);
}

TEST_P(proxy_waits, do_not_notice_a_reload) {
    start_proxy();
    auto const with = make_client();
    reload_under_waits(with);
    constexpr int parked = 200;
    std::for_each_n(waits_.begin(), parked,
                    [](auto const& each) { EXPECT_EQ(each.account.faults, 0U) << each.id; });
}

TEST_P(proxy_waits, outlive_a_hurried_reload) {
    proxy_settings wanted;
    wanted.hurried_reload = true;
    start_proxy(wanted);
    auto const with = make_client();
    begin_waits(with, 200, 3s, 8s);
    until_all_parked();
    running_proxy().reload();
    until_all_ended();
    expect_right_endings();
    EXPECT_GT(with.stats().wait_faults, 0) << "the reload was to cut them";
}

TEST_P(proxy_waits, outlive_a_backend_that_is_down) {
    start_proxy();
    auto const with = make_client();
    begin_waits(with, 50, 2s, 8s);
    until_all_parked();
    stop_backend();
    pass(3s);
    start_backend();
    until_all_ended();
    expect_right_endings();
    EXPECT_GT(with.stats().wait_faults, 0) << "the backend was to be missed";
}

} // namespace
} // namespace bctrl::test
