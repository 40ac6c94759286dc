#include <gtest/gtest.h>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>

namespace {

/// A program whose output is read while it runs.
class program {
public:
    /// @param before what the shell does before it becomes the program
    explicit program(std::string const& arguments, std::string const& before = "") {
        auto const command = before + "exec \"" BCTRL_EMULATOR_PROGRAM "\" " + arguments + " 2>&1";
        int ends[2];
        if (::pipe(ends) != 0) return;
        process_ = ::fork();
        if (process_ == 0) {
            ::dup2(ends[1], STDOUT_FILENO);
            ::close(ends[0]);
            ::close(ends[1]);
            ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
            ::_exit(127);
        }
        ::close(ends[1]);
        output_.reset(::fdopen(ends[0], "r"));
    }
    ~program() {
        if (process_ > 0) ::kill(process_, SIGKILL);
    }

    std::string line() {
        std::array<char, 512> text{};
        return std::fgets(text.data(), text.size(), output_.get()) == nullptr ? "" : text.data();
    }
    rlimit descriptors() const {
        rlimit limit{};
        ::prlimit(process_, RLIMIT_NOFILE, nullptr, &limit);
        return limit;
    }
    void signal(int number) { ::kill(process_, number); }
    int exit_code() {
        int status = 0;
        ::waitpid(process_, &status, 0);
        process_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

private:
    struct closer {
        void operator()(std::FILE* f) const { std::fclose(f); }
    };
    pid_t process_ = -1;
    std::unique_ptr<std::FILE, closer> output_;
};

TEST(emulator_program, takes_as_many_connections_as_it_may) {
    program p{"--port 0", "ulimit -S -n 64; "};
    EXPECT_FALSE(p.line().empty());
    EXPECT_GT(p.descriptors().rlim_cur, 64U);
    EXPECT_EQ(p.descriptors().rlim_cur, p.descriptors().rlim_max);
}

TEST(emulator_program, says_where_it_listens_and_ends_on_a_signal) {
    for (auto const number : {SIGINT, SIGTERM}) {
        program p{"--port 0"};
        EXPECT_EQ(p.line().find("bctrl-emulator listening on http://127.0.0.1:"), 0u);
        EXPECT_NE(p.line().find("curl -H \"Authorization: Bearer bctrl_emulator_key\""),
                  std::string::npos);
        p.line();
        p.signal(number);
        EXPECT_EQ(p.line(), "bctrl-emulator stopped after 0 requests\n");
        EXPECT_EQ(p.exit_code(), 0);
    }
}

TEST(emulator_program, serves_https_and_shows_no_chosen_key) {
    auto const ca = testing::TempDir() + "bctrl-emulator-program-ca.pem";
    program p{"--port 0 --tls --write-ca " + ca + " --api-key the-secret-one"};
    EXPECT_EQ(p.line().find("bctrl-emulator listening on https://127.0.0.1:"), 0u);
    auto const invitation = p.line();
    EXPECT_NE(invitation.find("--cacert " + ca), std::string::npos);
    EXPECT_EQ(invitation.find("the-secret-one"), std::string::npos);
    EXPECT_EQ(::access(ca.c_str(), R_OK), 0);
    p.signal(SIGTERM);
    EXPECT_EQ(p.exit_code(), 0);
    std::remove(ca.c_str());
}

TEST(emulator_program, may_speak_http_2_only) {
    program p{"--port 0 --http 2 --max-streams 9 --no-reset-limit"};
    p.line();
    EXPECT_NE(p.line().find("curl --http2-prior-knowledge"), std::string::npos);
    p.signal(SIGTERM);
    EXPECT_EQ(p.exit_code(), 0);
}

TEST(emulator_program, explains_wrong_arguments) {
    for (auto const* wrong : {"--bogus", "--port 70000", "--write-ca x", "--certificate x",
                              "--http 3", "--max-streams -1", "--bench --state x"}) {
        program p{wrong};
        EXPECT_NE(p.line(), "") << wrong;
        EXPECT_EQ(p.exit_code(), 2) << wrong;
    }
}

TEST(emulator_program, explains_why_it_cannot_serve) {
    for (auto const* wrong : {"--port 0 --host nowhere", "--port 0 --host nowhere --tls",
                              "--port 0 --certificate /nonexistent --private-key /nonexistent",
                              "--port 0 --state /nonexistent/file"}) {
        program p{wrong};
        EXPECT_EQ(p.line().find("bctrl-emulator: "), 0u) << wrong;
        EXPECT_EQ(p.exit_code(), 1) << wrong;
    }
}

TEST(emulator_program, tells_its_version) {
    program p{"--version"};
    EXPECT_EQ(p.line().find("bctrl-emulator "), 0u);
    EXPECT_EQ(p.exit_code(), 0);
}

} // namespace
