#include "nghttpd.hpp"

#include "../emulator_peer.hpp"
#include "support/quiet_port.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <regex>

namespace bctrl::test {

namespace {

void write_file(std::string const& path, std::string const& text) {
    std::ofstream{path} << text;
}

} // namespace

bool nghttpd::is_installed() {
    return std::filesystem::exists(BCTRL_NGHTTPD);
}

nghttpd::nghttpd(security wanted, unsigned streams)
    : security_{wanted},
      streams_{streams},
      port_{quiet_port()},
      process_{(write_files(), start())} {
    emulator::eventually([&] { return listens() || process_.has_ended(); });
    EXPECT_TRUE(listens()) << process_.err();
}

client_config nghttpd::config() const {
    client_config made;
    made.key = api_key{emulator_key};
    auto const at = "127.0.0.1:" + std::to_string(port_);
    if (security_ == security::none) {
        made.base_url = "http://" + at;
        made.http = http_version::http2;
        return made;
    }
    made.base_url = "https://" + at;
    made.ca_file = in_folder("ca.pem");
    return made;
}

void nghttpd::write_files() const {
    std::filesystem::create_directories(in_folder("documents/v1/operations"));
    emulator::certificate_authority const authority;
    auto const own = authority.issue();
    authority.write_ca(in_folder("ca.pem"));
    write_file(in_folder("chain.pem"), own.chain);
    write_file(in_folder("key.pem"), own.private_key);
}

program_start nghttpd::start() const {
    program_start start;
    start.words = {BCTRL_NGHTTPD,
                   "--verbose",
                   "--address=127.0.0.1",
                   "--htdocs=" + in_folder("documents"),
                   "--max-concurrent-streams=" + std::to_string(streams_),
                   std::to_string(port_)};
    if (security_ == security::none)
        start.words.insert(start.words.begin() + 1, "--no-tls");
    else
        start.words.insert(start.words.end(), {in_folder("key.pem"), in_folder("chain.pem")});
    return start;
}

bool nghttpd::listens() const {
    boost::asio::io_context context;
    boost::asio::ip::tcp::socket socket{context};
    boost::system::error_code refused;
    socket.connect({boost::asio::ip::address_v4::loopback(), port_}, refused);
    return !refused;
}

void nghttpd::serve(std::string const& path, std::string const& recorded,
                    std::string const& id) const {
    static std::regex const own_id{R"re("id": "[^"]*")re"};
    auto const text =
        std::regex_replace(read_file(BCTRL_TEST_DATA "/" + recorded), own_id,
                           R"("id": ")" + id + '"', std::regex_constants::format_first_only);
    write_file(in_folder("documents/v1/operations/" + path), text);
}

void nghttpd::serve_operation(std::string const& id) const {
    serve(id, "operation-succeeded.json", id);
}

void nghttpd::serve_wait(std::string const& id) const {
    std::filesystem::create_directory(in_folder("documents/v1/operations/" + id));
    serve(id + "/wait", "operation-wait-finished.json", id);
}

void nghttpd::pause() const {
    process_.signal(SIGSTOP);
}

void nghttpd::resume() const {
    process_.signal(SIGCONT);
}

std::size_t nghttpd::told(std::string_view what) const {
    auto const log = process_.out();
    std::size_t times = 0;
    for (auto at = log.find(what); at != std::string::npos; at = log.find(what, at + what.size()))
        ++times;
    return times;
}

} // namespace bctrl::test
