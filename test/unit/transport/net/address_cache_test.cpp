#include "transport/net/address_cache.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bctrl::net {
namespace {

using namespace std::chrono_literals;

class cached_addresses : public ::testing::Test {
protected:
    using texts = std::vector<std::string>;

    static boost::asio::ip::tcp::endpoint at(char const* text) {
        return {boost::asio::ip::make_address(text), 443};
    }
    void find(std::initializer_list<char const*> these) {
        address_list list;
        for (auto const* each : these)
            list.push_back(at(each));
        cache.found(list, now);
    }
    texts tried() const {
        texts names;
        for (auto const& each : cache.addresses())
            names.push_back(each.address().to_string());
        return names;
    }

    steady_time now{1h};
    address_cache cache{address_lifetimes{30s, 300s}};
};

TEST_F(cached_addresses, are_looked_up_first) {
    EXPECT_TRUE(cache.wants_look_up(now));
    EXPECT_FALSE(cache.usable(now));
    cache.look_up_failed(now);
    EXPECT_TRUE(cache.wants_look_up(now)) << "there is nothing to fall back upon";
}

TEST_F(cached_addresses, are_used_for_their_lifetime_and_longer_while_look_ups_fail) {
    find({"10.0.0.1"});
    struct example {
        milliseconds later;
        bool wants_look_up;
        bool usable;
    };
    for (auto const& [later, wants_look_up, usable] :
         std::initializer_list<example>{{0ms, false, true},
                                        {29'999ms, false, true},
                                        {30s, true, true},
                                        {299'999ms, true, true},
                                        {300s, true, false},
                                        {24h, true, false}}) {
        EXPECT_EQ(cache.wants_look_up(now + later), wants_look_up) << later.count();
        EXPECT_EQ(cache.usable(now + later), usable) << later.count();
    }
}

TEST_F(cached_addresses, give_a_failing_resolver_a_rest) {
    find({"10.0.0.1"});
    now += 30s;
    cache.look_up_failed(now);
    EXPECT_FALSE(cache.wants_look_up(now));
    EXPECT_FALSE(cache.wants_look_up(now + 999ms));
    EXPECT_TRUE(cache.wants_look_up(now + 1s));
    EXPECT_FALSE(cache.usable(now + 270s)) << "no failure makes them younger";
}

TEST_F(cached_addresses, are_looked_up_again_when_none_accepts) {
    find({"10.0.0.1"});
    cache.none_reached(now + 1s);
    EXPECT_TRUE(cache.wants_look_up(now + 1s));
    EXPECT_TRUE(cache.usable(now + 1s)) << "should the resolver fail";
}

TEST_F(cached_addresses, may_be_for_one_dial_only) {
    cache = address_cache{address_lifetimes{0s, 300s}};
    find({"10.0.0.1"});
    EXPECT_TRUE(cache.wants_look_up(now));
    EXPECT_TRUE(cache.usable(now));
}

TEST_F(cached_addresses, begin_with_the_one_that_was_reached_last) {
    find({"10.0.0.1", "10.0.0.2", "10.0.0.3"});
    cache.reached(at("10.0.0.3"));
    EXPECT_EQ(tried(), (texts{"10.0.0.3", "10.0.0.1", "10.0.0.2"}));
    find({"10.0.0.1", "10.0.0.2", "10.0.0.3"});
    EXPECT_EQ(tried(), (texts{"10.0.0.3", "10.0.0.1", "10.0.0.2"})) << "after a look-up too";
    find({"10.0.0.1", "10.0.0.2"});
    EXPECT_EQ(tried(), (texts{"10.0.0.1", "10.0.0.2"})) << "it is none of the host's any more";
}

TEST_F(cached_addresses, end_with_the_one_that_was_of_no_use) {
    find({"10.0.0.1", "10.0.0.2", "10.0.0.3"});
    cache.reached(at("10.0.0.1"));
    cache.was_of_no_use(at("10.0.0.1"));
    EXPECT_EQ(tried(), (texts{"10.0.0.2", "10.0.0.3", "10.0.0.1"}));
    find({"10.0.0.2", "10.0.0.1"});
    EXPECT_EQ(tried(), (texts{"10.0.0.2", "10.0.0.1"})) << "it is no favourite any more";
    cache.was_of_no_use(at("10.9.9.9"));
    EXPECT_EQ(tried(), (texts{"10.0.0.2", "10.0.0.1"}));
}

} // namespace
} // namespace bctrl::net
