#include <bctrl/api_key.hpp>

#include "base/wipe.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <new>
#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>

namespace bctrl {
namespace {

TEST(api_key, drops_white_space_around_it) {
    EXPECT_EQ(api_key{" \t\r\n key \v\f\n"}.reveal(), "key");
    EXPECT_EQ(api_key{"key"}.reveal(), "key");
    EXPECT_TRUE(api_key{" \n "}.empty());
    EXPECT_TRUE(api_key{""}.empty());
    EXPECT_TRUE(api_key{}.empty());
}

TEST(api_key, tells_whether_a_header_may_carry_it) {
    for (auto const* good : {"a", "bctrl_live_0123456789", "!~", "a=b/c+d"})
        EXPECT_TRUE(api_key{good}.sendable()) << good;
    EXPECT_FALSE(api_key{}.sendable());
    for (auto const* bad : {"a b", "a\nb", "a\rb", "a\tb", "\x7f", "k\xc3\xa9y", "a\x01"})
        EXPECT_FALSE(api_key{bad}.sendable()) << bad;
    EXPECT_FALSE(api_key{std::string("a\0b", 3)}.sendable());
}

TEST(api_key, is_copied_and_moved) {
    std::string const secret(100, 's');
    api_key first{secret};
    api_key copy{first};
    EXPECT_EQ(first.reveal(), secret);
    api_key const moved{std::move(first)};
    EXPECT_EQ(moved.reveal(), secret);
    EXPECT_TRUE(first.empty()); // NOLINT(bugprone-use-after-move): it says so of itself
    copy = api_key{"other"};
    EXPECT_EQ(copy.reveal(), "other");
    copy = moved;
    EXPECT_EQ(copy.reveal(), secret);
    auto& itself = copy;
    copy = itself;
    EXPECT_EQ(copy.reveal(), secret);
}

template <class T>
concept printable = requires(std::ostream& out, T const& value) {
    out << value;
};

TEST(api_key, cannot_be_shown_by_accident) {
    static_assert(!std::is_convertible_v<api_key, std::string>);
    static_assert(!std::is_convertible_v<std::string, api_key>);
    static_assert(!printable<api_key>);
    static_assert(!std::equality_comparable<api_key>);
    static_assert(!fmt::is_formattable<api_key>::value);
}

TEST(api_key, is_kept_once_however_often_it_is_copied) {
    api_key const first{"short-secret"};
    auto const copy = first;
    auto again = api_key{};
    again = copy;
    EXPECT_EQ(&copy.reveal(), &first.reveal());
    EXPECT_EQ(&again.reveal(), &first.reveal());
}

/// Keys in memory that outlives them, so that what is left there can be looked at.
class remains {
public:
    bool hold(std::string_view secret) const {
        auto const* const bytes = reinterpret_cast<char const*>(memory_);
        return std::search(bytes, bytes + sizeof memory_, secret.begin(), secret.end()) !=
               bytes + sizeof memory_;
    }
    void* memory() noexcept { return memory_; }

private:
    alignas(std::string) std::byte memory_[sizeof(std::string)] = {};
};

// `secrets_test` looks at all the memory of a process; here it is what one can point at.
TEST(api_key, leaves_nothing_behind_in_the_text_that_it_was_made_of) {
    remains left;
    auto* const given = new (left.memory()) std::string{"short-secret"};
    wipe_at_end{*given};
    EXPECT_FALSE(left.hold("hort-secret"));
    given->~basic_string();
}

} // namespace
} // namespace bctrl
