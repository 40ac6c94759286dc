#include "tinyproxy_server.hpp"

#include "emulator_peer.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>

namespace bctrl::test {

namespace {

using boost::asio::ip::tcp;

std::uint16_t free_port() {
    asio::io_context unused;
    tcp::acceptor const found{unused, tcp::endpoint{asio::ip::address_v4::loopback(), 0}};
    return found.local_endpoint().port();
}

} // namespace

tinyproxy_server::tinyproxy_server(std::uint16_t only_port) : port_{free_port()} {
    std::filesystem::create_directory(folder_.path());
    std::ofstream configuration{in_folder("tinyproxy.conf")};
    configuration << "Port " << port_ << "\nListen 127.0.0.1\nLogLevel Connect\nLogFile \""
                  << in_folder("log") << "\"\nBasicAuth user open-sesame\n";
    if (only_port != 0) configuration << "ConnectPort " << only_port << "\n";
    configuration.close();
    start();
}

void tinyproxy_server::start() {
    process_.emplace(
        program_start{.words = {BCTRL_TINYPROXY, "-d", "-c", in_folder("tinyproxy.conf")}});
    emulator::eventually([&] { return listens() || process_->has_ended(); });
    EXPECT_TRUE(listens()) << process_->err() << process_->out();
}

void tinyproxy_server::stop() {
    process_->signal(SIGKILL);
    process_->wait();
    process_.reset();
}

std::string tinyproxy_server::log() const {
    return read_file(in_folder("log"));
}

bool tinyproxy_server::listens() const {
    asio::io_context unused;
    tcp::socket tried{unused};
    boost::system::error_code ec;
    tried.connect({asio::ip::address_v4::loopback(), port_}, ec);
    return !ec;
}

} // namespace bctrl::test
