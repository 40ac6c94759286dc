#include <bctrl/emulator/program.hpp>
#include <bctrl/emulator/server.hpp>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>

#include <sys/resource.h>

namespace bctrl::emulator {
namespace {

enum exit_code { stopped = 0, cannot_serve = 1, wrong_arguments = 2 };

struct arguments {
    server_options server{.port = 8787};
    bool tls = false;
    bool verbose = false;
    std::string http = "both";
    std::string write_ca{};
    std::string certificate{};
    std::string private_key{};
};

void describe(CLI::App& app, arguments& given) {
    app.set_version_flag("--version", "bctrl-emulator " BCTRL_EMULATOR_VERSION);
    app.add_option("--host", given.server.host, "Address to listen on")->capture_default_str();
    app.add_option("--port", given.server.port, "Port to listen on, 0 for any free one")
        ->capture_default_str();
    app.add_option("--api-key", given.server.api_keys, "A key to accept; repeat it for several")
        ->capture_default_str();
    auto* const tls =
        app.add_flag("--tls", given.tls, "Speak HTTPS with a certificate made for this run");
    app.add_option("--write-ca", given.write_ca, "Write the CA of that certificate to this file")
        ->needs(tls);
    auto* const chain = app.add_option("--certificate", given.certificate,
                                       "Speak HTTPS with the certificate in this PEM file");
    auto* const key =
        app.add_option("--private-key", given.private_key, "Its key, a PEM file without password");
    chain->needs(key)->excludes(tls);
    key->needs(chain);
    app.add_option("--http", given.http, "Versions of HTTP to speak")
        ->check(CLI::IsMember({"1.1", "2", "both"}))
        ->capture_default_str();
    app.add_option("--max-streams", given.server.max_streams,
                   "Streams that a connection over HTTP/2 may have at once")
        ->capture_default_str();
    app.add_flag_callback(
        "--no-reset-limit", [&] { given.server.reset_limit.reset(); },
        "Let clients over HTTP/2 reset as many streams as they like");
    auto* const bench = app.add_flag("--bench", given.server.bench,
                                     "Let ids say when operations end, for benchmarks");
    app.add_option("--state", given.server.state_file,
                   "Keep what is created in this file, and go on with what it holds")
        ->excludes(bench);
    app.add_flag("--verbose", given.verbose, "Write a line per request to standard error");
}

http_versions versions_named(std::string_view name) {
    if (name == "1.1") return http_versions::only_1_1;
    return name == "2" ? http_versions::only_2 : http_versions::both;
}

void set_up_tls(arguments& given) {
    if (!given.certificate.empty()) {
        given.server.tls = read_certificate(given.certificate, given.private_key);
    }
    if (!given.tls) return;
    certificate_authority const authority;
    auto const& host = given.server.host;
    certificate_request request;
    boost::system::error_code no_address; // for the server to complain of
    boost::asio::ip::make_address(host, no_address);
    if (!no_address) request.alternative_names.push_back("IP:" + host);
    given.server.tls = authority.issue(request);
    if (!given.write_ca.empty()) authority.write_ca(given.write_ca);
}

/// What to type next; a key that was chosen is not shown.
std::string invitation(arguments const& given, std::string const& url) {
    auto const& keys = given.server.api_keys;
    auto const key =
        keys == server_options{}.api_keys ? keys.front() : std::string{"$BCTRL_API_KEY"};
    std::string options;
    if (given.tls) options = "--insecure ";
    if (!given.write_ca.empty()) options = "--cacert " + given.write_ca + " ";
    if (given.http == "2" && !given.server.tls) options = "--http2-prior-knowledge ";
    return "Try:  curl " + options + "-H \"Authorization: Bearer " + key + "\" --json '{}' " + url +
           "/emulator/operations\n";
}

/// Takes note of SIGINT and SIGTERM from its construction on, so that none of them finds the
/// program unprepared.
class interruption {
public:
    interruption() {
        signals_.async_wait([](auto...) {});
    }

    void await() { context_.run(); }

private:
    boost::asio::io_context context_{1};
    boost::asio::signal_set signals_{context_, SIGINT, SIGTERM};
};

/// Every wait that is parked here keeps a descriptor; what a shell starts with may be a thousand.
void allow_many_connections() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

void serve(arguments given) {
    allow_many_connections();
    interruption interrupted;
    set_up_tls(given);
    given.server.http = versions_named(given.http);
    if (given.verbose)
        given.server.log = [](std::string_view line) { std::clog << line << std::endl; };
    given.server.notice = [](std::string_view text) {
        std::clog << "bctrl-emulator: " << text << std::endl;
    };
    server running{given.server};
    std::cout << "bctrl-emulator listening on " << running.base_url() << std::endl;
    std::cout << invitation(given, running.base_url()) << "Stop it with Ctrl-C." << std::endl;
    interrupted.await();
    running.stop();
    std::cout << "bctrl-emulator stopped after " << running.stats().requests << " requests"
              << std::endl;
}

} // namespace

int run_program(int argc, char const* const* argv) {
    CLI::App app{
        "An emulator of the bctrl API: durable operations with scripted lives, for tests and "
        "demos.",
        "bctrl-emulator"};
    arguments given;
    describe(app, given);
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& stop) {
        return app.exit(stop) == 0 ? stopped : wrong_arguments;
    }
    try {
        serve(std::move(given));
    } catch (std::exception const& fault) {
        std::cerr << "bctrl-emulator: " << fault.what() << '\n';
        return cannot_serve;
    }
    return stopped;
}

} // namespace bctrl::emulator
