#include "proxy.hpp"

#include "../emulator_peer.hpp"
#include "support/quiet_port.hpp"

#include <bctrl/emulator/certificate.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

namespace bctrl::test {

namespace {

void write_file(std::string const& path, std::string const& text) {
    std::ofstream{path} << text;
}

/// The text of a log that may not be there.
std::string text_of(std::string const& path) {
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
}

program_start start_of(proxy_program const& program, std::string const& configuration_file) {
    program_start start;
    start.words = program.command(configuration_file);
    start.leads_group = true;
    return start;
}

std::vector<logged_request> requests_in(std::string const& log) {
    std::vector<logged_request> all;
    std::istringstream lines{log};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words{line};
        logged_request one;
        // haproxy's lines on connections without a request begin with an address.
        if (!(words >> one.status) || words.peek() != ' ') continue;
        one.protocol = line.substr(line.rfind(' ') + 1);
        all.push_back(std::move(one));
    }
    return all;
}

} // namespace

proxy::proxy(proxy_program const& program, proxy_settings const& wanted)
    : program_{program}, wanted_{wanted}, at_{folder_.string(), quiet_port()} {
    write_files();
    start();
}

void proxy::start() {
    process_.emplace(start_of(program_, at_.file("configuration")));
    emulator::eventually([&] { return listens() || process_->has_ended(); });
    EXPECT_TRUE(listens()) << complaints();
}

void proxy::kill_and_restart() {
    process_.reset();
    // What the killed one has logged is not the new one's.
    std::filesystem::remove(at_.file("access.log"));
    start();
}

void proxy::write_files() const {
    std::filesystem::create_directory(at_.folder);
    emulator::certificate_authority const authority;
    auto const own = authority.issue();
    authority.write_ca(ca_file());
    write_file(at_.file("chain.pem"), own.chain);
    write_file(at_.file("key.pem"), own.private_key);
    write_file(at_.file("both.pem"), own.chain + own.private_key);
    write_file(at_.file("configuration"), program_.configuration(wanted_, at_));
}

bool proxy::listens() const {
    boost::asio::io_context context;
    boost::asio::ip::tcp::socket socket{context};
    boost::system::error_code refused;
    socket.connect({boost::asio::ip::address_v4::loopback(), at_.port}, refused);
    return !refused;
}

std::set<std::string> proxy::workers() const {
    auto const id = std::to_string(process_->id());
    std::istringstream children{read_file("/proc/" + id + "/task/" + id + "/children")};
    return {std::istream_iterator<std::string>{children}, {}};
}

/// haproxy's master ignores signals for a moment after it listens.
bool proxy::catches(int signal) const {
    std::istringstream lines{read_file("/proc/" + std::to_string(process_->id()) + "/status")};
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("SigCgt:")) continue;
        auto const caught = std::stoull(line.substr(line.find('\t')), nullptr, 16);
        return ((caught >> (signal - 1)) & 1) != 0;
    }
    return false;
}

void proxy::reload() {
    EXPECT_TRUE(emulator::eventually([this] { return catches(program_.reload_signal(wanted_)); }));
    auto const before = workers();
    process_->signal(program_.reload_signal(wanted_));
    auto const has_new_workers = [&] {
        auto const now = workers();
        return std::any_of(now.begin(), now.end(),
                           [&](auto const& each) { return !before.contains(each); });
    };
    EXPECT_TRUE(emulator::eventually(has_new_workers)) << complaints();
}

std::vector<logged_request> proxy::stop() {
    process_->signal(SIGTERM);
    auto const ended = process_->wait();
    // haproxy's master catches no signal for a moment while it starts.
    EXPECT_TRUE(ended.exit_code == 0 || ended.exit_code == 128 + SIGTERM)
        << ended.exit_code << ended.err << text_of(at_.file("error.log"));
    return requests_in(text_of(at_.file("access.log")) + ended.out);
}

std::string proxy::complaints() const {
    return program_.name + (": " + process_->err()) + text_of(at_.file("error.log"));
}

} // namespace bctrl::test
