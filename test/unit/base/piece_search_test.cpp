#include "base/piece_search.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

namespace bctrl {
namespace {

constexpr auto npos = std::string_view::npos;

TEST(piece_search, finds_the_first_piece_wherever_it_stands) {
    piece_search const search{{"abcdefgh", "hgfedcba"}};
    EXPECT_EQ(search.find("abcdefgh", 0), 0U);
    EXPECT_EQ(search.find("hgfedcbabcdefgh", 0), 0U);
    EXPECT_EQ(search.find("hgfedcbabcdefgh", 1), 7U);
    EXPECT_EQ(search.find("xxxxxxxxxhgfedcba", 0), 9U);
}

TEST(piece_search, finds_nothing_where_no_piece_is_whole) {
    piece_search const search{{"abcdefgh"}};
    EXPECT_EQ(search.find("", 0), npos);
    EXPECT_EQ(search.find("abcdefg", 0), npos);
    EXPECT_EQ(search.find("bcdefghabcdefg", 0), npos);
    EXPECT_EQ(search.find("abcdefgh", 1), npos);
    EXPECT_EQ(search.find("abcdefgh", 100), npos);
    EXPECT_EQ(piece_search{{}}.find("abcdefgh", 0), npos);
}

std::string random_text(std::mt19937& random, std::size_t size) {
    // Few letters, so that pieces and halves of them are found everywhere; and bytes of all kinds that
    // share their lower bits with them.
    constexpr std::string_view letters = "ab\xE1\x21";
    std::string text(size, ' ');
    for (auto& each : text)
        each = letters[random() % letters.size()];
    return text;
}

TEST(piece_search, finds_what_a_plain_search_finds) {
    std::mt19937 random{7}; // NOLINT(cert-msc51-cpp): the same texts every time
    std::size_t found = 0;
    for (int round = 0; round < 2'000; ++round) {
        std::string const texts[] = {random_text(random, 8), random_text(random, 8),
                                     random_text(random, 8)};
        piece_search const search{{texts[0], texts[1], texts[2]}};
        auto text = random_text(random, random() % 200);
        if (round % 2 == 0) text.insert(random() % (text.size() + 1), texts[random() % 3]);
        auto const from = random() % 20;
        auto expected = npos;
        for (auto const& each : texts)
            expected = std::min(expected, text.find(each, from));
        ASSERT_EQ(search.find(text, from), expected) << "round " << round;
        found += expected == npos ? 0 : 1;
    }
    EXPECT_GT(found, 500U);
    EXPECT_LT(found, 1'500U);
}

} // namespace
} // namespace bctrl
