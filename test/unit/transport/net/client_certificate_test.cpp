// Servers that demand a certificate of the client.

#include "tls_fixture.hpp"

#include "support/temporary_path.hpp"
#include "transport/http1/exchange.hpp"

#include <fstream>
#include <optional>

namespace bctrl::net {
namespace {

using bctrl::test::temporary_path;
using emulator::certificate_authority;
using emulator::certificate_request;
using test::trusted;
using ::testing::HasSubstr;
using testing::tls_wire;

class client_certificate : public test::tls_wires, public ::testing::WithParamInterface<int> {
protected:
    client_certificate() : tls_wires{GetParam()} {
        SSL_CTX_set_verify(peer.context(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                           nullptr);
        SSL_CTX_load_verify_locations(peer.context(), client_ca.path().c_str(), nullptr);
        // Servers that verify and name no context of sessions let none be resumed.
        SSL_CTX_set_session_id_context(peer.context(), &session_context, 1);
    }

    void show(emulator::certificate const& shown) {
        std::ofstream{file.path()} << shown.chain << shown.private_key;
        context = tls_context::make({.ca_file = ca.path(),
                                     .client_certificate_file = file.string(),
                                     .client_key_file = {}});
        ASSERT_TRUE(context) << context.error().message;
    }
    static emulator::certificate issued_by(certificate_authority const& by) {
        certificate_request request;
        request.common_name = "client";
        request.use = certificate_request::purpose::client;
        return by.issue(request);
    }
    /// Why the server does not answer; nothing if it does. TLS 1.3 tells a client only after its own
    /// handshake is over.
    std::optional<failure> refusal_of_request() {
        auto const wire = plain(peer);
        if (auto shaken = shake(*wire); !shaken) return std::move(shaken).error();
        auto const ended =
            bench.start(http1::exchange(wire->client(), "GET / HTTP/1.1\r\n\r\n", false,
                                        exchange_limits{}, scratch, stop, told));
        if (!wire->hear().empty()) wire->say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        wire->deliver();
        wire->cut();
        bench.settle();
        EXPECT_TRUE(*ended);
        if (!*ended || (*ended)->answer) return std::nullopt;
        return std::move((*ended)->answer.error().why);
    }

    static constexpr unsigned char session_context = 'c';
    certificate_authority authority{"client CA"};
    testing::ca_file client_ca{authority};
    temporary_path file{".pem"};
    std::vector<char> scratch = std::vector<char>(16'384);
    activity told;
};

INSTANTIATE_TEST_SUITE_P(version, client_certificate,
                         ::testing::Values(TLS1_2_VERSION, TLS1_3_VERSION), [](auto const& each) {
                             return each.param == TLS1_2_VERSION ? "tls_1_2" : "tls_1_3";
                         });

TEST_P(client_certificate, is_shown_to_a_server_that_demands_it) {
    show(issued_by(authority));
    for (int n = 0; n < 2; ++n) {
        auto const why = refusal_of_request();
        EXPECT_FALSE(why) << why->message;
    }
    EXPECT_EQ(bench.live().handshakes_resumed, 1);
}

TEST_P(client_certificate, is_asked_for_if_there_is_none) {
    auto const why = refusal_of_request();
    ASSERT_TRUE(why);
    EXPECT_EQ(why->code, errc::client_certificate_refused);
    EXPECT_THAT(why->message, HasSubstr("set client_config::client_certificate_file"));
}

TEST_P(client_certificate, is_refused_if_it_is_of_somebody_else) {
    certificate_authority const stranger{"stranger"};
    show(issued_by(stranger));
    auto const why = refusal_of_request();
    ASSERT_TRUE(why);
    EXPECT_EQ(why->code, errc::client_certificate_refused);
    EXPECT_THAT(why->message, HasSubstr("the server wants another client certificate"));
}

} // namespace
} // namespace bctrl::net
