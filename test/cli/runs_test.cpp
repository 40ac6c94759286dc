// `bctrl runs commands`: pages, filters, and all pages at once.

#include "command_fixture.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace bctrl::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

namespace json = boost::json;

class runs : public command_test {
protected:
    /// Five commands: the second and the fourth have failed, the others are still running.
    void SetUp() override {
        auto broken = life_of(0ms);
        broken.end = emulator::ending::failed;
        for (auto const* id : {"first", "second", "third", "fourth", "fifth"}) {
            auto const fails = id == std::string{"second"} || id == std::string{"fourth"};
            emulator_->create_invocation(fails ? broken : life_of(1h), id, "a-run");
        }
    }

    words commands(words options) {
        options.insert(options.begin(), {"runs", "commands", "a-run", "--json"});
        return ids_in(bctrl(options).out);
    }

    static words ids_in(std::string const& page) {
        words ids;
        auto const printed = json::parse(page);
        for (auto const& each : printed.at("commands").as_array())
            ids.emplace_back(each.at("id").as_string());
        return ids;
    }
};

TEST_F(runs, commands_come_in_the_order_asked_for) {
    EXPECT_THAT(commands({"--order", "asc"}),
                ElementsAre("first", "second", "third", "fourth", "fifth"));
    EXPECT_THAT(commands({"--order", "desc", "--limit", "2"}), ElementsAre("fifth", "fourth"));
}

TEST_F(runs, filters_may_be_given_several_times) {
    EXPECT_THAT(commands({"--status", "failed"}), ElementsAre("second", "fourth"));
    EXPECT_THAT(commands({"--status", "failed", "--status", "running"}).size(), 5U);
    EXPECT_THAT(commands({"--execution-mode", "inline"}), ElementsAre());
}

TEST_F(runs, an_option_does_not_eat_the_word_behind_it) {
    auto const ended = bctrl({"runs", "commands", "--status", "failed", "a-run", "--json"});
    EXPECT_THAT(ids_in(ended.out), ElementsAre("second", "fourth"));
}

TEST_F(runs, a_page_tells_how_to_go_on) {
    auto const first = bctrl({"runs", "commands", "a-run", "--limit", "3"});
    EXPECT_THAT(first.out, HasSubstr("third"));
    ASSERT_THAT(first.err, HasSubstr("--cursor "));
    auto const start = first.err.find("--cursor ") + 9;
    auto const cursor = first.err.substr(start, first.err.find('\n') - start);
    EXPECT_THAT(commands({"--limit", "3", "--cursor", cursor}), ElementsAre("fourth", "fifth"));
}

TEST_F(runs, all_pages_are_one_document) {
    auto const ended = bctrl({"runs", "commands", "a-run", "--limit", "2", "--all", "--json"});
    EXPECT_THAT(ids_in(ended.out), ElementsAre("first", "second", "third", "fourth", "fifth"));
    EXPECT_TRUE(json::parse(ended.out).at("nextCursor").is_null());
    EXPECT_EQ(ended.err, "");
}

TEST_F(runs, all_pages_are_one_list) {
    auto const ended = bctrl({"runs", "commands", "a-run", "--limit", "2", "--all"});
    EXPECT_EQ(std::count(ended.out.begin(), ended.out.end(), '\n'), 5);
    EXPECT_EQ(ended.err, "");
}

TEST_F(runs, a_list_without_end_is_refused_without_half_a_document) {
    auto page = json::parse(read_file(BCTRL_TEST_DATA "/commands-page-last.json"));
    page.as_object()["nextCursor"] = "again";
    auto const answer = http_answer("200 OK", "application/json", serialize(page));
    EXPECT_THAT(answered_with(answer, {"runs", "commands", "a-run", "--all", "--json"}),
                refused_with(6));
}

} // namespace
} // namespace bctrl::test
