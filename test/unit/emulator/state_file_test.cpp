#include "emulator/state/state_file.hpp"

#include "support/temporary_path.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace bctrl::emulator {
namespace {

std::string const title = "{\"file\":\"bctrl-emulator state\",\"version\":1}\n";

class state_files : public testing::Test {
protected:
    void write(std::string const& text) const { std::ofstream{path()} << text; }
    std::string text() const {
        std::ifstream file{path()};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
    std::vector<std::string> lines(state_file& file) const {
        std::vector<std::string> all;
        file.read([&](std::string_view line) { all.emplace_back(line); });
        return all;
    }
    /// What opening and reading complains of.
    std::string complaint(state_file::line_reader const& reader = [](auto) {}) const {
        try {
            state_file file{path()};
            file.read(reader);
        } catch (std::runtime_error const& fault) {
            return fault.what();
        }
        return "";
    }
    std::filesystem::path const& path() const { return place_.path(); }

    test::temporary_path place_{".state"};
};

TEST_F(state_files, keep_lines) {
    {
        state_file made{path()};
        EXPECT_TRUE(lines(made).empty());
        made.append("one");
        made.append("two");
    }
    state_file again{path()};
    EXPECT_EQ(lines(again), (std::vector<std::string>{"one", "two"}));
    again.append("three");
    EXPECT_EQ(text(), title + "one\ntwo\nthree\n");
    again.clear();
    again.append("four");
    EXPECT_EQ(text(), title + "four\n");
    EXPECT_EQ(again.notice(), "");
}

TEST_F(state_files, are_for_their_owner_only) {
    state_file const made{path()};
    EXPECT_EQ(std::filesystem::status(path()).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(state_files, drop_half_a_line_wherever_it_was_torn) {
    std::string const line = "a line that\n";
    for (std::size_t kept = 1; kept < line.size(); ++kept) {
        write(title + "one\n" + line.substr(0, kept));
        state_file file{path()};
        EXPECT_EQ(lines(file), std::vector<std::string>{"one"});
        EXPECT_EQ(file.notice().find(place_.string() + ":3: half a line was dropped"), 0u);
        file.append("two");
        EXPECT_EQ(text(), title + "one\ntwo\n");
    }
}

TEST_F(state_files, begin_anew_with_half_a_title) {
    for (std::size_t kept = 0; kept < title.size(); ++kept) {
        write(title.substr(0, kept));
        state_file file{path()};
        EXPECT_TRUE(lines(file).empty());
        EXPECT_EQ(text(), title);
    }
}

TEST_F(state_files, refuse_what_is_something_else) {
    for (std::string const foreign :
         {"x", "\n", "# Shopping\nmilk\n", "{\"file\":\"bctrl-emulator state\",\"version\":2}\n",
          "{\"file\":\"bctrl-emulator state\",\"version\":1}x\n"}) {
        write(foreign);
        EXPECT_EQ(complaint().find(place_.string() + ":1: is no state of this emulator"), 0u);
        EXPECT_EQ(text(), foreign);
    }
}

TEST_F(state_files, name_the_line_that_cannot_be_used_and_leave_the_file_alone) {
    auto const before = title + "one\ntwo\nthree\nhalf";
    write(before);
    auto const fault = complaint([](std::string_view line) {
        if (line == "two") throw std::runtime_error{"is strange"};
    });
    EXPECT_EQ(fault, place_.string() + ":3: is strange");
    EXPECT_EQ(text(), before);
}

TEST_F(state_files, belong_to_one_at_a_time) {
    std::optional<state_file> first{path()};
    EXPECT_EQ(complaint(), place_.string() + " is in use by another emulator");
    first.reset();
    EXPECT_EQ(complaint(), "");
}

TEST_F(state_files, are_regular_files_that_can_be_opened) {
    EXPECT_THROW(state_file{"/dev/null"}, std::runtime_error);
    EXPECT_THROW(state_file{std::filesystem::temp_directory_path()}, std::runtime_error);
    EXPECT_THROW(state_file{path() / "below"}, std::runtime_error);
}

} // namespace
} // namespace bctrl::emulator
