#pragma once

#include "integration/canned_server.hpp"
#include "integration/client_fixture.hpp"
#include "support/child_process.hpp"

#include <gmock/gmock.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace bctrl::test {

/// Runs the command `bctrl` as users do, beside an emulator over HTTPS.
class command_test : public testing::Test {
protected:
    using words = std::vector<std::string>;

    /// The command with the emulator's key, talking to `url`.
    static program_start command(words arguments, std::string const& url) {
        arguments.insert(arguments.begin(), BCTRL_COMMAND);
        return {.words = std::move(arguments),
                .environment = {{"BCTRL_API_KEY", emulator_key}, {"BCTRL_BASE_URL", url}}};
    }

    /// The command with the emulator's key, talking to the emulator.
    program_start command(words arguments) {
        arguments.insert(arguments.begin(), {"--ca-file", emulator_.config().ca_file});
        return command(std::move(arguments), emulator_->base_url());
    }

    /// Runs it to its end, and sees to it that the key is in no output.
    static ended_process run(program_start const& start) {
        auto ended = run_program(start);
        using testing::HasSubstr;
        using testing::Not;
        auto const secret = start.environment.find("BCTRL_API_KEY");
        if (secret != start.environment.end() && !secret->second.empty()) {
            EXPECT_THAT(ended.out + ended.err, Not(HasSubstr(secret->second)));
        }
        EXPECT_THAT(ended.err, Not(HasSubstr("Sanitizer")));
        return ended;
    }
    ended_process bctrl(words arguments) { return run(command(std::move(arguments))); }

    /// What the command makes of a server that answers everything with `answer`.
    static ended_process answered_with(std::string const& answer, words arguments) {
        canned_server const server{answer};
        return run(command(std::move(arguments), server.base_url()));
    }

    secure_emulator emulator_;
};

/// The command ended with `code`, said why in a line of its own, and printed no data.
MATCHER_P(refused_with, code, "") {
    *result_listener << "exit code " << arg.exit_code << ", said: " << arg.err;
    return arg.exit_code == code && arg.out.empty() && arg.err.starts_with("bctrl: ");
}

/// The command ended with `code` and printed something.
MATCHER_P(printed_with, code, "") {
    *result_listener << "exit code " << arg.exit_code << ", printed: " << arg.out
                     << ", said: " << arg.err;
    return arg.exit_code == code && !arg.out.empty();
}

} // namespace bctrl::test
