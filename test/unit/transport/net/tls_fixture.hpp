#pragma once

#include "support/ca_file.hpp"
#include "support/strand_bench.hpp"
#include "support/tls_wire.hpp"
#include "transport/net/handshake.hpp"
#include "transport/net/tls_error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <openssl/err.h>

#include <array>
#include <memory>
#include <string>

namespace bctrl::net::test {

using emulator::certificate_authority;
using testing::tls_peer;
using testing::tls_wire;
using status = transfer::status;

inline certificate_authority const& trusted() {
    static certificate_authority const authority;
    return authority;
}

/// A client's context and a server's, and connections between them whose bytes the test moves.
class tls_wires : public ::testing::Test {
protected:
    tls_wires() = default;
    explicit tls_wires(int version) { speak(version); }

    void speak(int version) { SSL_CTX_set_max_proto_version(peer.context(), version); }

    ~tls_wires() override { bench.scope().destroy_all(); }

    /// A connection without TLS at the client's end.
    std::unique_ptr<tls_wire> plain(tls_peer& to) {
        return std::make_unique<tls_wire>(bench.runs_on(), to.context());
    }
    /// Makes the handshake as the library does it.
    outcome<void, failure> shake(tls_wire& wire, std::string const& host = "localhost") {
        auto const ended = bench.start(handshake(wire.client(), **context, host, stop));
        for (int turn = 0; turn < 1'000 && !*ended; ++turn) {
            wire.serve();
            wire.deliver();
            bench.settle();
        }
        EXPECT_TRUE(*ended);
        return *ended ? **ended : failure{};
    }
    failure refusal(tls_wire& wire, std::string const& host = "localhost") {
        auto ended = shake(wire, host);
        EXPECT_FALSE(ended);
        return ended ? failure{} : ended.error();
    }

    /// A connection to `host` before its handshake.
    std::unique_ptr<tls_wire> connect(std::string const& host = "localhost") {
        auto made = plain(peer);
        auto opened = (*context)->open(host);
        EXPECT_TRUE(opened);
        EXPECT_TRUE(made->client().secure_with(std::move(opened->session)));
        return made;
    }
    /// A connection behind its handshake; nothing is on its way.
    std::unique_ptr<tls_wire> secured() {
        auto made = connect();
        EXPECT_EQ(made->shake_hands().what, status::moved);
        made->serve();
        made->deliver();
        std::array<char, 1> none{};
        EXPECT_EQ(made->client().try_read(none).what, status::want_read);
        return made;
    }

    tls_peer peer{trusted().issue()};
    testing::ca_file ca{trusted()};
    outcome<std::shared_ptr<tls_context>, failure> context = tls_context::make({ca.path()});
    testing::strand_bench bench;
    stop_signal stop;
};

/// What the client reads until it would have to wait, and how that ended.
struct heard {
    std::string text;
    transfer last;
};

inline heard hear_all(stream& client, std::size_t at_a_time = 16'384) {
    heard all{{}, {status::want_read}};
    std::string room(at_a_time, '\0');
    for (int n = 0; n < 100'000; ++n) {
        all.last = client.try_read(room);
        if (all.last.what != status::moved) return all;
        all.text.append(room, 0, all.last.bytes);
    }
    return all;
}

} // namespace bctrl::net::test
