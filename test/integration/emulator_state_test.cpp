// The emulator's state survives the death of the program.

#include "emulator_peer.hpp"
#include "emulator_process.hpp"

#include "support/temporary_path.hpp"

#include <boost/json/object.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace bctrl::test {
namespace {

using emulator::peer;

struct emulator_state : testing::Test {
    temporary_path file{".state"};
};

TEST_F(emulator_state, survives_a_kill) {
    std::string finished;
    {
        emulator_process first{file.string()};
        peer p{first.port()};
        p.ask("POST", "/emulator/operations",
              R"([{"id":"ended","life":{"steps":[{"ms":1,"result":{"a":[1,2]}}]}},
                  {"id":"long","life":{"runtimeMs":3600000}},
                  {"id":"cancelled","life":{"runtimeMs":3600000,"cancelMs":0}},
                  {"id":"soon","life":{"runtimeMs":800,"end":"failed"}}])");
        p.ask("POST", "/v1/operations/cancelled/cancel");
        finished = p.ask("POST", "/v1/operations/ended/wait").text;
        first.kill();
    }
    emulator_process second{file.string()};
    peer p{second.port()};
    EXPECT_EQ(p.ask("POST", "/v1/operations/ended/wait").text, finished);
    EXPECT_EQ(p.ask("GET", "/v1/operations/long").body().at("status"), "running");
    EXPECT_EQ(p.ask("GET", "/v1/operations/cancelled").body().at("status"), "cancelled");
    auto const failed = p.ask("POST", "/v1/operations/soon/wait").body();
    EXPECT_EQ(failed.at("timedOutWaiting"), false);
    EXPECT_EQ(failed.at("operation").at("status"), "failed");
    EXPECT_EQ(second.stop().exit_code, 0);
}

/// Killed at any moment, it has kept everything that it ever told of.
TEST_F(emulator_state, keeps_what_was_answered_whenever_it_is_killed) {
    std::size_t created = 0;
    for (int life = 0; life < 5; ++life) {
        emulator_process process{file.string()};
        peer p{process.port()};
        ASSERT_EQ(p.ask("GET", "/emulator/stats").body().at("operations"), created);
        for (int n = 0; n < 20 * life; ++n)
            created += p.ask("POST", "/emulator/operations", "{}").status == 201 ? 1 : 0;
        // One more, whose answer nobody reads: it may be kept or not.
        if (life == 4) p.send(emulator::request_text("POST", "/emulator/operations", "{}"));
        process.kill();
    }
    emulator_process last{file.string()};
    peer p{last.port()};
    EXPECT_GE(p.ask("GET", "/emulator/stats").body().at("operations").to_number<std::size_t>(),
              created);
    EXPECT_EQ(created, 200u);
}

TEST_F(emulator_state, belongs_to_one_program) {
    emulator_process first{file.string()};
    EXPECT_NE(first.port(), 0);
    emulator_process second{file.string()};
    auto const refused = second.wait();
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_EQ(refused.err, "bctrl-emulator: " + file.string() + " is in use by another emulator\n");
    EXPECT_EQ(first.stop().exit_code, 0);
    emulator_process third{file.string()};
    EXPECT_NE(third.port(), 0);
}

TEST_F(emulator_state, is_not_taken_from_a_foreign_file) {
    std::ofstream{file.path()} << "a diary\n";
    auto const refused = emulator_process{file.string()}.wait();
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_EQ(refused.err.find("bctrl-emulator: " + file.string() + ":1: is no state"), 0u)
        << refused.err;
    EXPECT_EQ(read_file(file.string()), "a diary\n");
}

TEST_F(emulator_state, is_kept_but_for_half_a_line_of_which_it_tells) {
    {
        emulator_process first{file.string()};
        EXPECT_NE(first.port(), 0);
        first.kill();
    }
    std::ofstream{file.path(), std::ios::app} << "[{\"change\":";
    emulator_process process{file.string()};
    EXPECT_NE(process.port(), 0);
    auto const ended = process.stop();
    EXPECT_EQ(ended.exit_code, 0);
    EXPECT_NE(ended.err.find(file.string() + ":3: half a line was dropped"), std::string::npos)
        << ended.err;
}

} // namespace
} // namespace bctrl::test
