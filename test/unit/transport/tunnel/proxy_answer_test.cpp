#include "transport/tunnel/proxy_answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bctrl::tunnel {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

request_to_proxy asked(bool with_credentials = false) {
    return {"proxy:3128", "api.example:443", with_credentials};
}

TEST(proxy_answer, lets_through_with_any_2xx) {
    for (int status = 200; status < 300; ++status)
        EXPECT_FALSE(refusal(status, asked())) << status;
}

TEST(proxy_answer, is_told_apart_by_what_to_do) {
    struct example {
        int status;
        errc code;
        char const* advice;
    };
    for (auto const& [status, code, advice] : std::initializer_list<example>{
             {302, errc::proxy_refused, "no HTTP proxy"},
             {400, errc::proxy_refused, "no HTTP proxy"},
             {401, errc::proxy_unauthenticated, "http://user:password@proxy:3128"},
             {403, errc::proxy_refused, "NO_PROXY"},
             {404, errc::proxy_refused, "no HTTP proxy"},
             {405, errc::proxy_refused, "CONNECT"},
             {407, errc::proxy_unauthenticated, "http://user:password@proxy:3128"},
             {408, errc::proxy_failed, "could not connect"},
             {429, errc::proxy_failed, "could not connect"},
             {451, errc::proxy_refused, "NO_PROXY"},
             {500, errc::proxy_failed, "could not connect"},
             {501, errc::proxy_refused, "CONNECT"},
             {502, errc::proxy_failed, "could not connect"},
             {503, errc::proxy_failed, "could not connect"},
             {504, errc::proxy_failed, "could not connect"},
             {999, errc::proxy_failed, "could not connect"}}) {
        auto const why = refusal(status, asked());
        ASSERT_TRUE(why) << status;
        EXPECT_EQ(why->code, code) << status;
        EXPECT_EQ(why->cause, error_code(status, proxy_status_category())) << status;
        EXPECT_THAT(why->message, AllOf(HasSubstr("proxy:3128"), HasSubstr(std::to_string(status)),
                                        HasSubstr(advice)));
    }
}

TEST(proxy_answer, names_the_host_that_was_asked_for) {
    for (int const status : {302, 403, 404, 502})
        EXPECT_THAT(refusal(status, asked())->message, HasSubstr("api.example:443")) << status;
}

TEST(proxy_answer, tells_wrong_credentials_from_missing_ones) {
    EXPECT_THAT(refusal(407, asked(true))->message, HasSubstr("does not accept"));
    EXPECT_THAT(refusal(407, asked(false))->message, HasSubstr("wants a user"));
}

} // namespace
} // namespace bctrl::tunnel
