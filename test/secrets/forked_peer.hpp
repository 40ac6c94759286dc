#pragma once

#include "support/scripted_peer.hpp"

#include <csignal>
#include <thread>
#include <utility>

#include <sys/wait.h>
#include <unistd.h>

namespace bctrl::testing {

/// Plays one script on every connection, in a process of its own: what it reads is not in the memory of
/// the test. To be made while the test has one thread only.
class forked_peer {
public:
    explicit forked_peer(scripted_peer::script play) : process_{::fork()} {
        if (process_ == 0) serve(play);
    }
    forked_peer(forked_peer const&) = delete;
    forked_peer& operator=(forked_peer const&) = delete;
    ~forked_peer() {
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
    }

    unsigned short port() const { return acceptor_.local_endpoint().port(); }

private:
    [[noreturn]] void serve(scripted_peer::script const& play) {
        while (true) {
            boost::system::error_code ec;
            auto accepted = acceptor_.accept(ec);
            if (ec) ::_exit(1);
            std::thread{[&play, connection = peer_connection{std::move(accepted)}]() mutable {
                play(connection);
            }}.detach();
        }
    }

    boost::asio::io_context context_;
    boost::asio::ip::tcp::acceptor acceptor_{context_,
                                             {boost::asio::ip::address_v4::loopback(), 0}};
    pid_t process_;
};

} // namespace bctrl::testing
