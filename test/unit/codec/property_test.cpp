#include "codec/codec.hpp"
#include "json_compare.hpp"
#include "random_document.hpp"

#include <bctrl/command_page.hpp>
#include <bctrl/invocation.hpp>
#include <bctrl/operation.hpp>

#include <boost/json.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>

namespace bctrl::codec {
namespace {

constexpr std::uint32_t documents = 1000;

template <class T>
void expect_faithful(std::string const& document) {
    auto const read = decode<T>(document);
    ASSERT_TRUE(read) << document << "\n" << read.error().path << ' ' << read.error().message;
    auto const written = encode(*read);
    ASSERT_TRUE(same_json(document, written));
    auto const again = decode<T>(written);
    ASSERT_TRUE(again) << written;
    ASSERT_EQ(*again, *read) << written;
}

TEST(random_documents, encode_back_to_themselves) {
    for (std::uint32_t seed = 0; seed < documents && !testing::Test::HasFatalFailure(); ++seed) {
        SCOPED_TRACE(seed);
        random_document source{seed};
        expect_faithful<operation>(source.operation());
        expect_faithful<operation_wait_result>(source.operation_wait_result());
        expect_faithful<invocation>(source.invocation());
        expect_faithful<command_page>(source.command_page());
    }
}

/// One byte changed, removed or doubled: whatever is no JSON to Boost.JSON's own parser is
/// malformed, and whatever is JSON decodes or is unexpected.
TEST(random_documents, damaged_ones_are_refused_for_the_right_reason) {
    std::mt19937 random{7};
    std::string_view const spice = "{}[]\":,\\0-+.eEtfnu \n\x01\x80\xC3\xED\xFF";
    for (std::uint32_t seed = 0; seed < documents; ++seed) {
        auto const document = random_document{seed}.operation();
        for (int round = 0; round < 10; ++round) {
            auto damaged = document;
            auto const at = random() % damaged.size();
            switch (random() % 3) {
                case 0:
                    damaged[at] = spice[random() % spice.size()];
                    break;
                case 1:
                    damaged.erase(at, 1);
                    break;
                default:
                    damaged.insert(at, 1, damaged[at]);
                    break;
            }
            boost::json::error_code code;
            boost::json::parse_options options;
            options.max_depth = 512;
            boost::json::parse(damaged, code, {}, options);
            auto const read = decode<operation>(damaged);
            bool const is_json = read || read.error().kind == errc::unexpected_document;
            if (!code) {
                EXPECT_TRUE(is_json) << damaged << "\n" << read.error().message;
            } else if (read) {
                EXPECT_NE(damaged.find("\\ud"), std::string::npos)
                    << "no half of a character: " << damaged;
            }
        }
    }
}

} // namespace
} // namespace bctrl::codec
