#include "emulator/model/command_page.hpp"
#include "emulator/model/page_cursor.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace bctrl::emulator {
namespace {

using namespace std::chrono_literals;
using numbers = std::vector<std::int64_t>;

struct command_pages : testing::Test {
    void create_run(page_script pages = {}) { things.create_run("r", std::move(pages)); }
    void add(int count, life const& script = {}, std::string mode = "durable") {
        for (int i = 0; i < count; ++i) {
            resource_description about{.script = std::make_shared<life const>(script),
                                       .run_id = "r"};
            about.execution_mode = mode;
            things.create(resource_kind::invocation, about, now);
        }
        things.advance(now);
    }
    /// The sequence numbers of every page, until the last or the tenth.
    std::vector<numbers> pages(command_query query) {
        std::vector<numbers> all;
        while (all.size() < 10) {
            auto const page = page_of(*things.find_run("r"), query, now).value();
            all.emplace_back();
            for (auto const* command : page.commands)
                all.back().push_back(command->sequence_no);
            if (!page.next_cursor) return all;
            query.cursor = *page.next_cursor;
        }
        return all;
    }

    identifiers ids{1};
    store things{ids};
    time_point now{};
};

TEST_F(command_pages, follow_each_other) {
    create_run();
    add(5);
    EXPECT_EQ(pages({.limit = 2}), (std::vector<numbers>{{1, 2}, {3, 4}, {5}}));
    EXPECT_EQ(pages({.limit = 5}), (std::vector<numbers>{{1, 2, 3, 4, 5}}));
    EXPECT_EQ(pages({.limit = 2, .descending = true}), (std::vector<numbers>{{5, 4}, {3, 2}, {1}}));
}

TEST_F(command_pages, of_a_run_without_commands_are_one_empty_page) {
    create_run();
    EXPECT_EQ(pages({}), (std::vector<numbers>{{}}));
}

TEST_F(command_pages, are_filtered) {
    create_run();
    add(2, {.steps = {}});
    add(2, {.steps = {}, .end = ending::failed}, "inline");
    add(1, {.queued = 1h});
    EXPECT_EQ(pages({.statuses = {"failed"}}), (std::vector<numbers>{{3, 4}}));
    EXPECT_EQ(pages({.statuses = {"queued", "succeeded"}}), (std::vector<numbers>{{1, 2, 5}}));
    EXPECT_EQ(pages({.execution_modes = {"inline"}}), (std::vector<numbers>{{3, 4}}));
    EXPECT_EQ(pages({.limit = 1, .statuses = {"succeeded"}, .execution_modes = {"durable"}}),
              (std::vector<numbers>{{1}, {2}}));
    EXPECT_EQ(pages({.statuses = {"no_such_status"}}), (std::vector<numbers>{{}}));
}

TEST_F(command_pages, stay_where_they_are_when_commands_come) {
    create_run();
    add(3);
    command_query query{.limit = 2, .descending = true};
    query.cursor = page_of(*things.find_run("r"), query, now)->next_cursor.value();
    add(10);
    auto const next = page_of(*things.find_run("r"), query, now).value();
    ASSERT_EQ(next.commands.size(), 1u);
    EXPECT_EQ(next.commands[0]->sequence_no, 1);
}

TEST_F(command_pages, can_be_empty_before_the_last) {
    create_run({.empty_page = 2});
    add(3);
    EXPECT_EQ(pages({.limit = 2}), (std::vector<numbers>{{1, 2}, {}, {3}}));
    EXPECT_EQ(pages({.limit = 3}), (std::vector<numbers>{{1, 2, 3}, {}}));
}

TEST_F(command_pages, can_have_scripted_sizes) {
    create_run({.sizes = {2, 0, 1, 0}});
    add(3);
    EXPECT_EQ(pages({.limit = 50}), (std::vector<numbers>{{1, 2}, {}, {3}, {}}));
}

TEST_F(command_pages, can_repeat_their_cursor) {
    create_run({.repeat_cursor = 2});
    add(6);
    auto const all = pages({.limit = 2});
    ASSERT_EQ(all.size(), 10u);
    EXPECT_EQ(all[1], (numbers{3, 4}));
    EXPECT_EQ(all[9], (numbers{3, 4}));
}

TEST_F(command_pages, refuse_a_foreign_cursor) {
    create_run();
    add(3);
    auto const& r = *things.find_run("r");
    auto const ascending = page_of(r, {.limit = 1}, now)->next_cursor.value();
    EXPECT_FALSE(page_of(r, {.descending = true, .cursor = ascending}, now));
    EXPECT_FALSE(page_of(r, {.cursor = "eyJzIjoxMH0="}, now));
}

TEST(cursor, survives_being_written) {
    for (bool const descending : {false, true}) {
        page_cursor const cursor{.page = 1234567, .descending = descending, .after = 98765432109};
        auto const read = read_cursor(write(cursor)).value();
        EXPECT_EQ(read.page, cursor.page);
        EXPECT_EQ(read.descending, cursor.descending);
        EXPECT_EQ(read.after, cursor.after);
    }
    for (auto const* wrong : {"", "cur_", "cur_1", "cur_1_", "cur_0_1", "cur_1_1x_", "cur_1_-1",
                              "cur_zzzzzzzzzzzzzzzzzzz_1"}) {
        EXPECT_FALSE(read_cursor(wrong)) << wrong;
    }
}

} // namespace
} // namespace bctrl::emulator
