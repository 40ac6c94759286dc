#include "base/wipe.hpp"

#include <gtest/gtest.h>

#include <string>

namespace bctrl {
namespace {

TEST(append_to_secret, appends_whatever_fits_or_not) {
    std::string secret;
    std::string expected;
    for (int n = 0; n < 200; ++n) {
        auto const more = std::string(static_cast<std::size_t>(n % 7), 'x') + std::to_string(n);
        append_to_secret(secret, more);
        expected += more;
        ASSERT_EQ(secret, expected);
    }
}

TEST(wipe, lets_go_of_everything) {
    std::string secret(100, 's');
    wipe(secret);
    EXPECT_TRUE(secret.empty());
    EXPECT_LT(secret.capacity(), 100U);
}

} // namespace
} // namespace bctrl
