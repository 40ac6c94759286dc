#include "rpc/advice.hpp"

#include <boost/asio/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace bctrl::rpc {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct advised {
    errc code;
    char const* with;
};

class advised_codes : public ::testing::TestWithParam<advised> {};

TEST_P(advised_codes, tells_what_can_be_done) {
    EXPECT_THAT(std::string{advice_on(error_code{GetParam().code})}, HasSubstr(GetParam().with));
}

INSTANTIATE_TEST_SUITE_P(
    all, advised_codes,
    ::testing::Values(
        advised{errc::deadline_exceeded, "more time"}, advised{errc::queue_full, "client_limits"},
        advised{errc::too_many_descriptors, "ulimit"},
        advised{errc::resolve_failed, "name service"}, advised{errc::connect_failed, "firewall"},
        advised{errc::tls_failed, "TLS 1.2"},
        advised{errc::certificate_rejected, "client_config::ca_file"},
        advised{errc::connection_lost, "Try again"}, advised{errc::malformed_response, "base URL"},
        advised{errc::unexpected_status, "base URL"},
        advised{errc::header_too_large, "client_limits::header_bytes"},
        advised{errc::body_too_large, "client_limits::body_bytes"},
        advised{errc::unauthenticated, "API key"}));

TEST(advice, is_not_given_where_the_message_says_it_all) {
    for (auto const code : {errc::not_found, errc::conflict, errc::invalid_argument})
        EXPECT_THAT(advice_on(error_code{code}), IsEmpty());
    EXPECT_THAT(advice_on(boost::asio::error::operation_aborted), IsEmpty());
}

TEST(advice, warns_of_doing_twice_what_was_sent) {
    for (auto const how_far : {exchange_progress::sent, exchange_progress::answered}) {
        exchange_failure const lost{failure{errc::connection_lost, "lost"}, how_far};
        EXPECT_THAT(std::string{advice_on(lost, false)}, HasSubstr("may have carried"));
        EXPECT_EQ(advice_on(lost, true), advice_on(lost.why.code));
    }
    exchange_failure const unsent{failure{errc::connect_failed, "refused"},
                                  exchange_progress::unsent};
    EXPECT_EQ(advice_on(unsent, false), advice_on(unsent.why.code));
}

TEST(advice, does_not_warn_who_stopped_the_call) {
    exchange_failure const stopped{failure{boost::asio::error::operation_aborted, "stopped"},
                                   exchange_progress::sent};
    EXPECT_THAT(advice_on(stopped, false), IsEmpty());
}

} // namespace
} // namespace bctrl::rpc
