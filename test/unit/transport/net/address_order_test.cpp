#include "transport/net/address_order.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bctrl::net {
namespace {

using texts = std::vector<std::string>;

texts ordered(texts const& found) {
    address_list addresses;
    for (auto const& each : found)
        addresses.emplace_back(boost::asio::ip::make_address(each), 443);
    texts names;
    for (auto const& each : in_order_of_attempts(addresses))
        names.push_back(each.address().to_string());
    return names;
}

TEST(order_of_attempts, lets_the_families_take_turns) {
    struct example {
        texts found;
        texts tried;
    };
    for (auto const& [found, tried] : std::initializer_list<example>{
             {{}, {}},
             {{"10.0.0.1"}, {"10.0.0.1"}},
             {{"10.0.0.1", "10.0.0.2"}, {"10.0.0.1", "10.0.0.2"}},
             {{"2001:db8::1", "2001:db8::2"}, {"2001:db8::1", "2001:db8::2"}},
             {{"2001:db8::1", "10.0.0.1"}, {"2001:db8::1", "10.0.0.1"}},
             {{"10.0.0.1", "2001:db8::1"}, {"10.0.0.1", "2001:db8::1"}},
             {{"2001:db8::1", "2001:db8::2", "2001:db8::3", "10.0.0.1"},
              {"2001:db8::1", "10.0.0.1", "2001:db8::2", "2001:db8::3"}},
             {{"10.0.0.1", "10.0.0.2", "10.0.0.3", "2001:db8::1", "2001:db8::2"},
              {"10.0.0.1", "2001:db8::1", "10.0.0.2", "2001:db8::2", "10.0.0.3"}}})
        EXPECT_EQ(ordered(found), tried);
}

TEST(order_of_attempts, names_each_address_once) {
    EXPECT_EQ(ordered({"::1", "::1", "10.0.0.1", "::1", "10.0.0.1", "10.0.0.2"}),
              (texts{"::1", "10.0.0.1", "10.0.0.2"}));
}

TEST(order_of_attempts, is_bounded_and_leaves_no_family_out) {
    texts many;
    for (int n = 0; n < 200; ++n)
        many.push_back("2001:db8::" + std::to_string(n));
    many.push_back("10.0.0.1");
    auto const tried = ordered(many);
    ASSERT_EQ(tried.size(), most_addresses);
    EXPECT_EQ(tried[1], "10.0.0.1");
}

TEST(address, is_written_as_in_a_url) {
    EXPECT_EQ(text_of({boost::asio::ip::make_address("10.0.0.1"), 80}), "10.0.0.1:80");
    EXPECT_EQ(text_of({boost::asio::ip::make_address("2001:db8::1"), 443}), "[2001:db8::1]:443");
}

} // namespace
} // namespace bctrl::net
