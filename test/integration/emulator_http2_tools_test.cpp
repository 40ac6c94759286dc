// Clients that nobody here wrote against the emulator over HTTP/2: curl and h2load.

#include "support/child_process.hpp"
#include "support/temporary_path.hpp"

#include <bctrl/emulator/server.hpp>

#include <gmock/gmock.h>

#include <string>
#include <string_view>
#include <vector>

namespace bctrl::test {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;

using words = std::vector<std::string>;

std::string const key = "Authorization: Bearer bctrl_emulator_key";

emulator::server_options with(emulator::certificate_authority const& authority,
                              emulator::http_versions versions) {
    return {.tls = authority.issue(), .http = versions};
}

class http2_tools : public testing::Test {
protected:
    http2_tools() { authority_.write_ca(ca_.path()); }

    std::string curl(words more, std::string const& url) const {
        words all{BCTRL_CURL,
                  "--silent",
                  "--show-error",
                  "--max-time",
                  "30",
                  "--cacert",
                  ca_.string(),
                  "--header",
                  key,
                  "--write-out",
                  " HTTP/%{http_version} %{http_code}"};
        all.insert(all.end(), more.begin(), more.end());
        all.push_back(url);
        auto const ended = run_program({.words = all});
        EXPECT_EQ(ended.exit_code, 0) << ended.err;
        return ended.out;
    }

    void expect_waits_by(words const& version, emulator::server& running) const {
        auto const id = running.create_operation({.steps = {{.takes = 100ms}}});
        auto all = version;
        all.insert(all.end(), {"--json", R"({"timeoutMs":20000})"});
        auto const said = curl(all, running.base_url() + "/v1/operations/" + id + "/wait");
        EXPECT_THAT(said, HasSubstr(R"("status":"succeeded")"));
        EXPECT_THAT(said, EndsWith("HTTP/2 200"));
    }

    static void expect_load_on(emulator::server& running) {
        auto const id = running.create_operation({});
        auto const before = running.stats();
        auto const ended = run_program({.words = {BCTRL_H2LOAD, "--requests=5000", "--clients=4",
                                                  "--max-concurrent-streams=100", "--header=" + key,
                                                  running.base_url() + "/v1/operations/" + id}});
        EXPECT_EQ(ended.exit_code, 0) << ended.err;
        EXPECT_THAT(ended.out, HasSubstr("5000 succeeded, 0 failed, 0 errored, 0 timeout"));
        EXPECT_THAT(ended.out, HasSubstr("5000 2xx"));
        auto const after = running.stats();
        EXPECT_EQ(after.requests - before.requests, 5000u);
        EXPECT_EQ(after.http2_streams - before.http2_streams, 5000u);
        EXPECT_EQ(after.http2_connections - before.http2_connections, 4u);
    }

    emulator::certificate_authority authority_;
    temporary_path ca_{".pem"};
    emulator::server plain_{};
    emulator::server secure_{with(authority_, emulator::http_versions::both)};
};

TEST_F(http2_tools, curl_waits) {
    if (std::string_view{BCTRL_CURL}.empty()) GTEST_SKIP() << "curl is not installed";
    expect_waits_by({"--http2-prior-knowledge"}, plain_);
    expect_waits_by({"--http2"}, secure_);
}

TEST_F(http2_tools, curl_gets_the_version_that_there_is) {
    if (std::string_view{BCTRL_CURL}.empty()) GTEST_SKIP() << "curl is not installed";
    auto const path = "/emulator/stats";
    EXPECT_THAT(curl({"--http1.1"}, plain_.base_url() + path), EndsWith("HTTP/1.1 200"));
    EXPECT_THAT(curl({"--http2"}, plain_.base_url() + path),
                EndsWith("HTTP/1.1 200")); // no upgrade
    EXPECT_THAT(curl({"--http1.1"}, secure_.base_url() + path), EndsWith("HTTP/1.1 200"));
    EXPECT_THAT(curl({"--http2"}, secure_.base_url() + path), EndsWith("HTTP/2 200"));
    EXPECT_THAT(curl({"--no-alpn"}, secure_.base_url() + path), EndsWith("HTTP/1.1 200"));

    emulator::server const old{with(authority_, emulator::http_versions::only_1_1)};
    EXPECT_THAT(curl({"--http2"}, old.base_url() + path), EndsWith("HTTP/1.1 200"));
    emulator::server const young{with(authority_, emulator::http_versions::only_2)};
    EXPECT_THAT(curl({"--http2"}, young.base_url() + path), EndsWith("HTTP/2 200"));
}

TEST_F(http2_tools, h2load_loads) {
    if (std::string_view{BCTRL_H2LOAD}.empty())
        GTEST_SKIP() << "h2load is not installed (package nghttp2-client)";
    expect_load_on(plain_);
    expect_load_on(secure_);
}

} // namespace
} // namespace bctrl::test
