#include "api/no_proxy.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace bctrl {
namespace {

struct example {
    std::string_view list;
    char const* host;
    unsigned short port;
    bool named;
};

void check(std::initializer_list<example> table) {
    for (auto const& [list, host, port, named] : table)
        EXPECT_EQ(needs_no_proxy(list, host, port), named) << list << " / " << host << ":" << port;
}

TEST(no_proxy, names_hosts_and_domains) {
    check({{"", "api.example", 443, false},
           {" , ,", "api.example", 443, false},
           {"*", "api.example", 443, true},
           {"*", "10.0.0.1", 443, true},
           {"x,*", "api.example", 443, true},
           {"api.example", "api.example", 443, true},
           {"API.Example", "api.example", 443, true},
           {"example", "api.example", 443, true},
           {".example", "api.example", 443, true},
           {".api.example", "api.example", 443, true},
           {"*.example", "api.example", 443, true},
           {"api.example.", "api.example", 443, true},
           {"api.example", "api.example.", 443, true},
           {"ample", "api.example", 443, false},
           {"i.example", "api.example", 443, false},
           {"v1.api.example", "api.example", 443, false},
           {"api.example.com", "api.example", 443, false},
           {"*api.example", "api.example", 443, false},
           {".", "api.example", 443, false},
           {"*.", "api.example", 443, false},
           {"localhost", "localhost", 443, true},
           {"127.0.0.1", "localhost", 443, false},
           {"a, b api.example\tc", "api.example", 443, true},
           {"a,b,c", "api.example", 443, false}});
}

TEST(no_proxy, may_name_a_port) {
    check({{"api.example:443", "api.example", 443, true},
           {"api.example:8443", "api.example", 443, false},
           {".example:443", "api.example", 443, true},
           {"api.example:", "api.example", 443, false},
           {"api.example:x", "api.example", 443, false},
           {"api.example:65979", "api.example", 443, false},
           {"10.0.0.1:443", "10.0.0.1", 443, true},
           {"10.0.0.1:1", "10.0.0.1", 443, false},
           {"[::1]:443", "::1", 443, true},
           {"[::1]:1", "::1", 443, false}});
}

TEST(no_proxy, names_addresses_and_networks) {
    check({{"10.0.0.1", "10.0.0.1", 443, true},
           {"10.0.0.1", "10.0.0.10", 443, false},
           {"0.0.1", "10.0.0.1", 443, false},
           {".1", "10.0.0.1", 443, false},
           {"10.0.0.0/8", "10.200.3.4", 443, true},
           {"10.0.0.0/8", "11.0.0.1", 443, false},
           {"10.9.9.9/8", "10.1.1.1", 443, true},
           {"192.168.1.0/25", "192.168.1.127", 443, true},
           {"192.168.1.0/25", "192.168.1.128", 443, false},
           {"0.0.0.0/0", "1.2.3.4", 443, true},
           {"10.0.0.1/32", "10.0.0.1", 443, true},
           {"10.0.0.0/33", "10.0.0.0", 443, false},
           {"10.0.0.0/", "10.0.0.0", 443, false},
           {"10.0.0.0/-1", "10.0.0.0", 443, false},
           {"10.0.0.0/8", "api.example", 443, false},
           {"::1", "::1", 443, true},
           {"[::1]", "::1", 443, true},
           {"0:0::1", "::1", 443, true},
           {"fd00::/8", "fd12:3456::1", 443, true},
           {"fd00::/8", "fe80::1", 443, false},
           {"fd00::/129", "fd00::", 443, false},
           {"::/0", "10.0.0.1", 443, false},
           {"0.0.0.0/0", "::1", 443, false},
           {"[::1", "::1", 443, true},
           {"[", "::1", 443, false},
           {"[]:", "::1", 443, false}});
}

} // namespace
} // namespace bctrl
