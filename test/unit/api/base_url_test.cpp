#include "api/base_url.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <vector>

namespace bctrl {
namespace {

struct good {
    std::string_view text;
    bool secure;
    std::string_view host;
    unsigned short port;
    std::string_view prefix;
    std::string_view origin;
};

std::vector<good> const& good_urls() {
    static std::vector<good> const table{
        {"https://api.bctrl.ai", true, "api.bctrl.ai", 443, "", "https://api.bctrl.ai"},
        {"https://api.bctrl.ai/", true, "api.bctrl.ai", 443, "", "https://api.bctrl.ai"},
        {"https://api.bctrl.ai/v1", true, "api.bctrl.ai", 443, "", "https://api.bctrl.ai"},
        {"https://api.bctrl.ai//v1//", true, "api.bctrl.ai", 443, "", "https://api.bctrl.ai"},
        {"http://localhost", false, "localhost", 80, "", "http://localhost"},
        {"http://localhost:8787", false, "localhost", 8787, "", "http://localhost:8787"},
        {"http://localhost:80", false, "localhost", 80, "", "http://localhost"},
        {"https://h:443", true, "h", 443, "", "https://h"},
        {"https://h:80", true, "h", 80, "", "https://h:80"},
        {"http://h:443", false, "h", 443, "", "http://h:443"},
        {"https://h:65535", true, "h", 65535, "", "https://h:65535"},
        {"https://h:1", true, "h", 1, "", "https://h:1"},
        {"HTTPS://API.Example.COM/Base/V1", true, "api.example.com", 443, "/Base/V1",
         "https://api.example.com"},
        {" \t\nhttps://h \r\n", true, "h", 443, "", "https://h"},
        {"https://h/proxy/bctrl", true, "h", 443, "/proxy/bctrl", "https://h"},
        {"https://h/proxy/v1/", true, "h", 443, "/proxy", "https://h"},
        {"https://h/v1/v1", true, "h", 443, "/v1", "https://h"},
        {"https://h/av1", true, "h", 443, "/av1", "https://h"},
        {"https://h/a%20b", true, "h", 443, "/a%20b", "https://h"},
        {"http://127.0.0.1:8787/v1", false, "127.0.0.1", 8787, "", "http://127.0.0.1:8787"},
        {"http://[::1]:8787", false, "::1", 8787, "", "http://[::1]:8787"},
        {"https://[2001:db8::1]", true, "2001:db8::1", 443, "", "https://[2001:db8::1]"},
        {"https://[2001:DB8::A]:1", true, "2001:db8::a", 1, "", "https://[2001:db8::a]:1"},
        {"https://a_b.c-d.~e", true, "a_b.c-d.~e", 443, "", "https://a_b.c-d.~e"},
    };
    return table;
}

TEST(parse_base_url, takes_urls_apart) {
    for (auto const& each : good_urls()) {
        auto const url = parse_base_url(each.text);
        ASSERT_TRUE(url) << each.text;
        EXPECT_EQ(url->secure, each.secure) << each.text;
        EXPECT_EQ(url->host, each.host) << each.text;
        EXPECT_EQ(url->port, each.port) << each.text;
        EXPECT_EQ(url->prefix, each.prefix) << each.text;
        EXPECT_EQ(url->origin(), each.origin) << each.text;
    }
}

TEST(parse_base_url, refuses_what_is_no_base_url) {
    for (auto const* text : {"",
                             " ",
                             "https",
                             "https:",
                             "https:/",
                             "https://",
                             "https:///v1",
                             "api.bctrl.ai",
                             "ftp://h",
                             "wss://h",
                             "https//h",
                             "://h",
                             "https://user@h",
                             "https://user:secret@h",
                             "https://h?x=1",
                             "https://h/?x=1",
                             "https://h/v1?x",
                             "https://h#part",
                             "https://h/#part",
                             "https://h:",
                             "https://h:0",
                             "https://h:65536",
                             "https://h:-1",
                             "https://h:+1",
                             "https://h:80x",
                             "https://h:80:81",
                             "https://h h",
                             "https://h/a b",
                             "https://h/a\nb",
                             "https://h\nHost: x",
                             "https://[::1",
                             "https://::1",
                             "https://[]",
                             "https://[h]",
                             "https://[127.0.0.1",
                             "https://[::1]x",
                             "https://[::1 localhost]",
                             "https://[fe80::1%eth0]",
                             "https://[fe80::1%25eth0]",
                             "https://[fe80::1%1]",
                             "https://[fe80::1%x\r\nX-Evil: 1]",
                             "https://h\\v1",
                             "https://h/<>",
                             "https://%41",
                             "https://h/\xc3\xa4",
                             "https://\xc3\xa4.example"})
        EXPECT_FALSE(parse_base_url(text)) << text;
    EXPECT_FALSE(parse_base_url(std::string_view("https://h\0x", 11)));
}

TEST(base_url, knows_this_machine) {
    for (auto const* text : {"http://localhost", "http://LocalHost:1", "http://127.0.0.1",
                             "http://127.8.9.10:5", "http://[::1]"})
        EXPECT_TRUE(parse_base_url(text)->is_loopback()) << text;
    for (auto const* text :
         {"http://localhost.example", "http://127.0.0.1.example", "http://10.0.0.1",
          "http://0.0.0.0", "http://[::]", "http://[fe80::1]", "http://example.com"})
        EXPECT_FALSE(parse_base_url(text)->is_loopback()) << text;
}

} // namespace
} // namespace bctrl
