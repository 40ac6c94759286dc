#include "faulty_server.hpp"
#include "support/temporary_path.hpp"
#include "support/tls_peer.hpp"
#include "trouble.hpp"

#include <bctrl/emulator/certificate.hpp>

#include <chrono>
#include <utility>

namespace bctrl::test {
namespace {

using namespace std::chrono_literals;
using emulator::certificate_authority;
using emulator::certificate_request;
using testing::peer_connection;

/// A TLS server with what it needs to be one.
struct secured_server {
    explicit secured_server(emulator::certificate const& shown) : tls{shown} {}

    testing::tls_peer tls;
    temporary_path ca{".pem"};
    std::unique_ptr<faulty_server> server{};
};

place secured(certificate_request const& request, certificate_authority const& trusted,
              certificate_authority const& issuer,
              std::function<void(SSL_CTX*)> const& prepare = {}) {
    auto made = std::make_shared<secured_server>(issuer.issue(request));
    if (prepare) prepare(made->tls.context());
    trusted.write_ca(made->ca.path());
    auto const play = made->tls.after_handshake([](testing::tls_connection& c) { c.read(); });
    made->server = std::make_unique<faulty_server>([play](peer_connection& c, int) { play(c); });
    return {"https://" + made->server->address(), made->ca.string(), made};
}

trouble untrusted(char const* name, certificate_request const& request, std::string const& why,
                  bool known_issuer = true) {
    auto const prepare = [request, known_issuer](request_count const&) {
        certificate_authority const trusted;
        certificate_authority const other{"somebody else"};
        return secured(request, trusted, known_issuer ? trusted : other);
    };
    return {.name = name,
            .prepare = prepare,
            .code = errc::certificate_rejected,
            .passes = false,
            .says = {"certificate", "127.0.0.1", why},
            .advises = "client_config::ca_file"};
}

/// What happens when the server has read the client's first words.
trouble in_handshake(char const* name, std::function<void(peer_connection&)> const& then, errc code,
                     std::vector<std::string> says, std::string const& advises) {
    auto const prepare = [then](request_count const&) {
        auto const play = [then](peer_connection& c, int) {
            c.socket().wait(peer_connection::socket_type::wait_read);
            then(c);
        };
        auto made = std::make_shared<faulty_server>(play);
        return place{.base_url = "https://" + made->address(), .server = made};
    };
    says.emplace_back("127.0.0.1");
    return {.name = name,
            .prepare = prepare,
            .code = code,
            .passes = true,
            .says = std::move(says),
            .advises = advises};
}

certificate_request for_another_host() {
    certificate_request made;
    made.alternative_names = {"DNS:other.example"};
    return made;
}

certificate_request of_last_year() {
    certificate_request made;
    made.valid_from = -48h;
    made.valid_until = -24h;
    return made;
}

place without_address(request_count const&) {
    return {.base_url = "https://no-such-host.invalid"};
}

place refusing(request_count const&) {
    return {.base_url = "http://" + closed_address()};
}

place unanswering(request_count const&) {
    auto made = std::make_shared<full_port>();
    return {.base_url = "http://" + made->address(), .server = made};
}

place outdated(request_count const&) {
    certificate_authority const trusted;
    return secured({}, trusted, trusted, [](SSL_CTX* context) {
        SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context, TLS1_1_VERSION);
        SSL_CTX_set_security_level(context, 0);
    });
}

} // namespace

std::vector<trouble> dialling_troubles() {
    // The beginning of a record of the handshake, and nothing more.
    std::string const half_a_record{"\x16\x03\x03\x00\x50\x02", 6};
    return {
        {.name = "no_address",
         .prepare = without_address,
         .code = errc::resolve_failed,
         .passes = true,
         .says = {"no-such-host.invalid"},
         .advises = "name service"},
        {.name = "refused",
         .prepare = refusing,
         .code = errc::connect_failed,
         .passes = true,
         .says = {"refused"},
         .advises = "firewall"},
        {.name = "stall_in_the_connect",
         .prepare = unanswering,
         .code = errc::connect_failed,
         .passes = true,
         .says = {"within 200 ms", "connecting to 127.0.0.1:"},
         .advises = "firewall"},
        in_handshake(
            "stall_in_the_handshake", [](peer_connection& c) { c.read_to_end(); },
            errc::connect_failed, {"within 200 ms", "TLS handshake"}, "firewall"),
        in_handshake(
            "reset_in_the_handshake", [](peer_connection& c) { c.reset(); }, errc::connection_lost,
            {"TLS handshake", "reset"}, "Try again"),
        in_handshake(
            "end_in_the_handshake",
            [](peer_connection& c) {
                c.socket().shutdown(peer_connection::socket_type::shutdown_send);
                c.read_to_end();
            },
            errc::connection_lost, {"TLS handshake", "closed"}, "Try again"),
        in_handshake(
            "truncated_handshake",
            [half_a_record](peer_connection& c) {
                c.write(half_a_record);
                c.socket().shutdown(peer_connection::socket_type::shutdown_send);
                c.read_to_end();
            },
            errc::connection_lost, {"TLS handshake", "closed"}, "Try again"),
        in_handshake(
            "garbage_in_the_handshake",
            [](peer_connection& c) {
                c.write("220 mail.example ESMTP\r\n");
                c.read_to_end();
            },
            errc::tls_failed, {"TLS handshake"}, "TLS 1.2 or newer"),
        untrusted("wrong_name", for_another_host(), "mismatch"),
        untrusted("expired", of_last_year(), "expired"),
        untrusted("unknown_authority", {}, "issuer", false),
        {.name = "tls_1_1_only",
         .prepare = outdated,
         .code = errc::tls_failed,
         .passes = true,
         .says = {"127.0.0.1"},
         .advises = "TLS 1.2 or newer"},
    };
}

} // namespace bctrl::test
