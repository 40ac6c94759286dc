#include "emulator_peer.hpp"

#include <bctrl/emulator/server.hpp>

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace bctrl::emulator {
namespace {

using namespace std::chrono_literals;
namespace ssl = boost::asio::ssl;

/// A blocking TLS client made of Asio's own stream, which shares nothing with the server but
/// OpenSSL.
class tls_peer {
public:
    explicit tls_peer(std::string const& ca) {
        trust_.set_verify_mode(ssl::verify_peer);
        trust_.add_certificate_authority(boost::asio::buffer(ca));
    }

    SSL_CTX* settings() { return trust_.native_handle(); }

    boost::system::error_code connect(std::uint16_t port, std::string const& host = "localhost",
                                      SSL_SESSION* session = nullptr,
                                      std::string_view protocols = "") {
        stream_ = std::make_unique<ssl::stream<boost::asio::ip::tcp::socket>>(context_, trust_);
        stream_->set_verify_callback(ssl::host_name_verification{host});
        if (session != nullptr) SSL_set_session(stream_->native_handle(), session);
        SSL_set_alpn_protos(stream_->native_handle(),
                            reinterpret_cast<unsigned char const*>(protocols.data()),
                            static_cast<unsigned>(protocols.size()));
        stream_->next_layer().connect({boost::asio::ip::address_v4::loopback(), port});
        boost::system::error_code failed;
        stream_->handshake(ssl::stream_base::client, failed);
        return failed;
    }

    void send(std::string const& text) { boost::asio::write(*stream_, boost::asio::buffer(text)); }
    answer receive() { return read_answer(*stream_, buffer_); }
    void close() { stream_->next_layer().close(); }

    std::string protocol() {
        unsigned char const* chosen = nullptr;
        unsigned size = 0;
        SSL_get0_alpn_selected(stream_->native_handle(), &chosen, &size);
        return chosen == nullptr ? "" : std::string(reinterpret_cast<char const*>(chosen), size);
    }
    SSL* handle() { return stream_->native_handle(); }

private:
    boost::asio::io_context context_;
    ssl::context trust_{ssl::context::tls_client};
    std::unique_ptr<ssl::stream<boost::asio::ip::tcp::socket>> stream_;
    boost::beast::flat_buffer buffer_;
};

struct tls_emulators : testing::Test {
    certificate_authority authority;
    server running{{.tls = authority.issue()}};
    std::string const& ca = authority.certificate_pem();
};

TEST_F(tls_emulators, answer) {
    EXPECT_EQ(running.base_url(), "https://127.0.0.1:" + std::to_string(running.port()));
    tls_peer p{ca};
    ASSERT_FALSE(p.connect(running.port()));
    auto const id = running.create_operation({.steps = {{.takes = 30ms}}});
    p.send(request_text("POST", "/v1/operations/" + id + "/wait"));
    EXPECT_EQ(p.receive().body().at("operation").at("status"), "succeeded");
    p.send(request_text("GET", "/v1/operations/" + id));
    EXPECT_EQ(p.receive().status, 200u);
}

TEST_F(tls_emulators, park_hundreds_and_notice_who_leaves) {
    auto const id = running.create_operation({.steps = {{.takes = 1h}}});
    std::vector<std::unique_ptr<tls_peer>> peers;
    for (int i = 0; i < 200; ++i) {
        auto& p = *peers.emplace_back(std::make_unique<tls_peer>(ca));
        ASSERT_FALSE(p.connect(running.port()));
        p.send(request_text("POST", "/v1/operations/" + id + "/wait"));
    }
    ASSERT_TRUE(eventually([&] { return running.stats().parked == 200; }));
    for (std::size_t i = 0; i < 100; ++i)
        peers[i]->close();
    ASSERT_TRUE(eventually([&] { return running.stats().parked == 100; }));
    tls_peer cancels{ca};
    ASSERT_FALSE(cancels.connect(running.port()));
    cancels.send(request_text("POST", "/v1/operations/" + id + "/cancel"));
    EXPECT_EQ(cancels.receive().status, 200u);
    for (std::size_t i = 100; i < 200; ++i) {
        EXPECT_EQ(peers[i]->receive().body().at("operation").at("status"), "cancelled");
    }
}

TEST_F(tls_emulators, move_megabytes_both_ways) {
    tls_peer p{ca};
    ASSERT_FALSE(p.connect(running.port()));
    std::string const metadata(3'000'000, 'x');
    p.send(request_text("POST", "/emulator/invocations",
                        R"({"metadata":{"a":")" + metadata + R"("}})"));
    auto const got = p.receive();
    EXPECT_EQ(got.status, 201u);
    EXPECT_EQ(got.body().at("metadata").at("a").as_string().size(), metadata.size());
}

TEST_F(tls_emulators, are_verified) {
    certificate_authority const stranger;
    EXPECT_TRUE(tls_peer{stranger.certificate_pem()}.connect(running.port()));
    EXPECT_TRUE(tls_peer{ca}.connect(running.port(), "example.com"));
    server expired{{.tls = authority.issue({.valid_until = -1min})}};
    EXPECT_TRUE(tls_peer{ca}.connect(expired.port()));
    EXPECT_FALSE(tls_peer{ca}.connect(running.port(), "127.0.0.1"));
    EXPECT_TRUE(eventually([&] { return running.stats().connections_open == 0; }));
}

TEST_F(tls_emulators, choose_a_protocol) {
    tls_peer p{ca};
    auto const choice = [&](server const& s, std::string_view offered) {
        auto const failed = p.connect(s.port(), "localhost", nullptr, offered);
        return failed ? "refused" : p.protocol();
    };
    EXPECT_EQ(choice(running, "\x08http/1.1\x02h2"), "h2");
    EXPECT_EQ(choice(running, "\x08http/1.1"), "http/1.1");
    EXPECT_EQ(choice(running, ""), "");
    EXPECT_EQ(choice(running, "\x02h3"), "refused");

    server const old{{.tls = authority.issue(), .http = http_versions::only_1_1}};
    EXPECT_EQ(choice(old, "\x02h2\x08http/1.1"), "http/1.1");
    EXPECT_EQ(choice(old, "\x02h2"), "refused");
    server const young{{.tls = authority.issue(), .http = http_versions::only_2}};
    EXPECT_EQ(choice(young, "\x02h2\x08http/1.1"), "h2");
    EXPECT_EQ(choice(young, "\x08http/1.1"), "refused");
}

TEST_F(tls_emulators, speak_no_version_before_1_2) {
    tls_peer old{ca};
    SSL_CTX_set_min_proto_version(old.settings(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(old.settings(), TLS1_1_VERSION);
    EXPECT_TRUE(old.connect(running.port()));
    tls_peer p{ca};
    SSL_CTX_set_max_proto_version(p.settings(), TLS1_2_VERSION);
    EXPECT_FALSE(p.connect(running.port()));
}

TEST_F(tls_emulators, resume_sessions) {
    for (auto const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        tls_peer p{ca};
        SSL_CTX_set_max_proto_version(p.settings(), version);
        ASSERT_FALSE(p.connect(running.port()));
        EXPECT_FALSE(SSL_session_reused(p.handle()));
        p.send(request_text("GET", "/emulator/stats"));
        EXPECT_EQ(p.receive().status, 200u); // a ticket of TLS 1.3 comes with the first bytes
        // A copy: OpenSSL spoils the session of a connection that ends without a goodbye.
        std::unique_ptr<SSL_SESSION, decltype(&SSL_SESSION_free)> const session{
            SSL_SESSION_dup(SSL_get0_session(p.handle())), SSL_SESSION_free};
        ASSERT_FALSE(p.connect(running.port(), "localhost", session.get()));
        EXPECT_TRUE(SSL_session_reused(p.handle()));
        p.send(request_text("GET", "/emulator/stats"));
        EXPECT_EQ(p.receive().status, 200u);
    }
}

TEST_F(tls_emulators, survive_clients_that_speak_no_tls) {
    peer plain{running.port()};
    plain.send("GET / HTTP/1.1\r\n\r\n");
    EXPECT_TRUE(plain.meets_end());
    peer silent{running.port()};
    tls_peer p{ca};
    EXPECT_FALSE(p.connect(running.port()));
    silent.close();
    EXPECT_TRUE(eventually([&] { return running.stats().connections_open == 1; }));
}

TEST_F(tls_emulators, stop_in_the_middle_of_handshakes) {
    std::vector<std::unique_ptr<peer>> peers;
    for (int i = 0; i < 20; ++i)
        peers.push_back(std::make_unique<peer>(running.port()));
    EXPECT_TRUE(eventually([&] { return running.stats().connections_open == 20; }));
    running.stop();
    for (auto const& p : peers)
        EXPECT_TRUE(p->meets_end());
}

} // namespace
} // namespace bctrl::emulator
