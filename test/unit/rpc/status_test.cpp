#include "rpc/status.hpp"

#include <gtest/gtest.h>

namespace bctrl::rpc {
namespace {

TEST(error_of_status, names_what_a_status_means) {
    struct example {
        int status;
        errc expected;
    };
    for (auto const& [status, expected] : std::initializer_list<example>{
             {400, errc::invalid_request},   {422, errc::invalid_request},
             {401, errc::unauthenticated},   {403, errc::permission_denied},
             {404, errc::not_found},         {408, errc::server_error},
             {409, errc::conflict},          {410, errc::gone},
             {429, errc::rate_limited},      {402, errc::refused},
             {405, errc::refused},           {418, errc::refused},
             {499, errc::refused},           {500, errc::server_error},
             {501, errc::server_error},      {503, errc::server_error},
             {599, errc::server_error},      {300, errc::unexpected_status},
             {302, errc::unexpected_status}, {304, errc::unexpected_status},
             {600, errc::unexpected_status}, {999, errc::unexpected_status},
             {199, errc::unexpected_status}, {0, errc::unexpected_status}})
        EXPECT_EQ(error_of_status(status), expected) << status;
}

TEST(error_of_status, is_none_for_success) {
    for (int status = 200; status < 300; ++status)
        EXPECT_FALSE(error_of_status(status)) << status;
}

} // namespace
} // namespace bctrl::rpc
