#include "base/frame_memory.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <set>
#include <thread>
#include <vector>

namespace bctrl {
namespace {

struct taken {
    void* where;
    std::size_t bytes;
};

std::vector<taken> take_many(std::size_t count, std::size_t bytes) {
    std::vector<taken> all;
    for (std::size_t n = 0; n < count; ++n) {
        all.push_back({frame_memory::take(bytes), bytes});
        // Whatever is handed out belongs to one owner, to its last byte.
        std::memset(all.back().where, static_cast<int>(n & 0xff), bytes);
    }
    return all;
}

bool is_untouched(std::vector<taken> const& all) {
    for (std::size_t n = 0; n < all.size(); ++n)
        for (std::size_t at = 0; at < all[n].bytes; ++at)
            if (static_cast<std::byte const*>(all[n].where)[at] != std::byte(n & 0xff))
                return false;
    return true;
}

void give_back(std::vector<taken> const& all) {
    for (auto const& each : all)
        frame_memory::give_back(each.where, each.bytes);
}

TEST(frame_memory, is_handed_out_to_one_owner_at_a_time) {
    for (std::size_t const bytes : {1, 8, 9, 24, 25, 200, 1000, 1023, 1032, 1033, 5000}) {
        for (int round = 0; round < 3; ++round) {
            auto const all = take_many(100, bytes);
            std::set<void*> places;
            for (auto const& each : all)
                places.insert(each.where);
            EXPECT_EQ(places.size(), all.size());
            EXPECT_TRUE(is_untouched(all)) << bytes;
            give_back(all);
        }
    }
}

TEST(frame_memory, of_sizes_next_to_each_other_does_not_overlap) {
    for (std::size_t bytes = 1; bytes < 100; ++bytes) {
        give_back(take_many(1, bytes));
        auto const larger = take_many(3, bytes + 1);
        EXPECT_TRUE(is_untouched(larger)) << bytes;
        give_back(larger);
    }
}

TEST(frame_memory, may_be_given_back_by_another_thread) {
    auto const here = take_many(100, 300);
    std::thread{[&] {
        auto const there = take_many(100, 300);
        EXPECT_TRUE(is_untouched(here));
        give_back(here);
        EXPECT_TRUE(is_untouched(there));
        give_back(there);
    }}.join();
    give_back(take_many(100, 300));
}

TEST(frame_memory, may_be_given_back_while_the_thread_ends) {
    struct last {
        ~last() { give_back(all); }
        std::vector<taken> all;
    };
    std::thread{[] {
        // Destroyed behind what empties the thread's frames, which is made later.
        thread_local last ends;
        ends.all = take_many(50, 300);
        give_back(take_many(50, 300));
    }}.join();
}

} // namespace
} // namespace bctrl
