#include <bctrl/api_key.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <new>
#include <ostream>
#include <string>
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
}

/// A key in memory that outlives it, so that what is left of it can be looked at.
class remains {
public:
    explicit remains(std::string const& secret) : key_{new (memory_) api_key{secret}} {}

    api_key& key() noexcept { return *key_; }
    void destroy() { key_->~api_key(); }
    bool hold(std::string const& secret) const {
        auto const* const bytes = reinterpret_cast<char const*>(memory_);
        return std::search(bytes, bytes + sizeof memory_, secret.begin(), secret.end()) !=
               bytes + sizeof memory_;
    }

private:
    alignas(api_key) std::byte memory_[sizeof(api_key)] = {};
    api_key* key_;
};

// Short keys live within the object; what a longer one leaves on the heap cannot be looked at.
TEST(api_key, leaves_nothing_behind_when_destroyed) {
    std::string const secret = "short-secret";
    remains left{secret};
    ASSERT_TRUE(left.hold(secret));
    left.destroy();
    EXPECT_FALSE(left.hold(secret));
}

TEST(api_key, leaves_nothing_behind_when_moved) {
    std::string const secret = "short-secret";
    remains left{secret};
    api_key const taken{std::move(left.key())};
    EXPECT_FALSE(left.hold(secret));
    EXPECT_EQ(taken.reveal(), secret);
    left.destroy();
}

TEST(api_key, leaves_nothing_of_a_longer_key_behind_when_assigned_a_shorter_one) {
    remains left{"short-secret"};
    left.key() = api_key{"x"};
    EXPECT_FALSE(left.hold("hort-secret"));
    left.destroy();
}

} // namespace
} // namespace bctrl
