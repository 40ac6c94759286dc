#pragma once

#include "integration/client_fixture.hpp"
#include "support/child_process.hpp"

#include <boost/json/parse.hpp>

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

namespace bctrl::test {

/// Runs `bctrl-bench` beside an emulator that follows its contract.
class bench_test : public testing::Test {
protected:
    using words = std::vector<std::string>;

    static ended_process run(words arguments) {
        arguments.insert(arguments.begin(), BCTRL_BENCH);
        return run_program(
            {.words = std::move(arguments), .environment = {{"BCTRL_API_KEY", emulator_key}}});
    }

    /// The figures of a run against the emulator, in which nothing went wrong.
    boost::json::object measure(words arguments) {
        auto const config = emulator_.config();
        arguments.insert(arguments.begin(),
                         {"--base-url", config.base_url, "--ca", config.ca_file});
        auto const ended = run(std::move(arguments));
        EXPECT_EQ(ended.exit_code, 0) << ended.err;
        auto const last_line = ended.out.rfind('\n', ended.out.size() - 2) + 1;
        auto figures = boost::json::parse(ended.out.substr(last_line)).as_object();
        EXPECT_EQ(figures.at("errors"), 0) << figures.at("first_error");
        EXPECT_EQ(figures.at("ok"), figures.at("count"));
        return figures;
    }

    secure_emulator emulator_{{.bench = true}};
};

} // namespace bctrl::test
