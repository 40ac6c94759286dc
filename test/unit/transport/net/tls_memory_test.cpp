// How much memory a request takes that waits for its answer over TLS.

#include "tls_fixture.hpp"

#include "transport/http1/exchange.hpp"

#include <list>
#include <vector>

#include <malloc.h>
#include <sys/resource.h>

namespace bctrl::net {
namespace {

using testing::tls_wire;

/// Bytes that the process has taken from its allocator.
std::size_t allocated() {
    auto const seen = ::mallinfo2();
    return seen.uordblks + seen.hblkhd;
}

class tls_memory : public test::tls_wires, public ::testing::WithParamInterface<int> {
protected:
    static constexpr std::size_t connections = 1'000;

    struct parked_request {
        std::unique_ptr<tls_wire> wire;
        activity told{};
        testing::pending<http1::exchanged> ended{};
    };

    tls_memory() : tls_wires{GetParam()} {
        // Two sockets for each connection.
        rlimit most{};
        ::getrlimit(RLIMIT_NOFILE, &most);
        most.rlim_cur = most.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &most);
    }
    ~tls_memory() override { bench.scope().destroy_all(); }

    void park() {
        auto& request = parked.emplace_back();
        request.wire = plain(peer);
        auto& wire = *request.wire;
        ASSERT_TRUE(shake(wire));
        request.ended =
            bench.start(http1::exchange(wire.client(), "GET / HTTP/1.1\r\n\r\n", false,
                                        exchange_limits{}, scratch, stop, request.told));
        ASSERT_FALSE(wire.hear().empty());
        wire.deliver();
        bench.settle();
        ASSERT_FALSE(*request.ended);
        wire.forget_server();
    }
    template <class Before>
    std::size_t bytes_of_each(Before before_each) {
        park();
        auto const before = allocated();
        for (std::size_t n = 0; n < connections; ++n) {
            before_each();
            park();
        }
        auto const bytes = (allocated() - before) / connections;
        RecordProperty("bytes_of_each", static_cast<int>(bytes));
        return bytes;
    }
    /// No ticket that the server gave before means anything to it.
    void change_ticket_keys() {
        std::array<unsigned char, 80> keys{};
        keys[0] = static_cast<unsigned char>(++changes_);
        keys[1] = static_cast<unsigned char>(changes_ >> 8);
        ASSERT_EQ(SSL_CTX_set_tlsext_ticket_keys(peer.context(), keys.data(), keys.size()), 1);
    }

    std::vector<char> scratch = std::vector<char>(16'384);
    std::list<parked_request> parked;

private:
    unsigned changes_ = 0;
};

INSTANTIATE_TEST_SUITE_P(version, tls_memory, ::testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         [](auto const& each) {
                             return each.param == TLS1_2_VERSION ? "tls_1_2" : "tls_1_3";
                         });

TEST_P(tls_memory, of_full_handshakes_is_at_most_24_kilobytes) {
    EXPECT_LE(bytes_of_each([this] { change_ticket_keys(); }), 24U * 1024);
    EXPECT_EQ(bench.live().handshakes_resumed, 0);
}

TEST_P(tls_memory, of_resumed_handshakes_is_at_most_19_kilobytes) {
    EXPECT_LE(bytes_of_each([] {}), 19U * 1024);
    EXPECT_EQ(bench.live().handshakes_resumed, static_cast<std::int64_t>(connections));
}

} // namespace
} // namespace bctrl::net
