#include "faulty_server.hpp"
#include "support/temporary_path.hpp"
#include "support/tls_peer.hpp"
#include "trouble.hpp"

#include <bctrl/emulator/certificate.hpp>

#include <string_view>
#include <utility>

namespace bctrl::test {
namespace {

using testing::peer_connection;
using testing::tls_connection;

constexpr std::string_view half_a_head = "HTTP/1.1 200 OK\r\nContent-Type: appl";
constexpr std::string_view half_a_body =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    "6\r\n{\"id\":\r\n";

/// What is to be said of every fault of this name.
std::string advice_on(errc code) {
    if (code == errc::deadline_exceeded) return "more time";
    return code == errc::malformed_response ? "base URL" : "Try again";
}

void reset(peer_connection& c) {
    c.reset();
}
/// The destructor closes.
void end(peer_connection&) {}
void stall(peer_connection& c) {
    c.read_to_end();
}
void talk_nonsense(peer_connection& c) {
    c.write("\x01\x02 this is no HTTP\r\n\r\n");
    c.read_to_end();
}

/// What a server does when it has read a request and answered so far.
place answering(std::string_view so_far, void (*then)(peer_connection&),
                request_count const& seen) {
    auto const play = [so_far, then, seen](peer_connection& c, int) {
        if (c.read_request().empty()) return;
        ++*seen;
        c.write(so_far);
        then(c);
    };
    auto made = std::make_shared<faulty_server>(play);
    return {.base_url = "http://" + made->address(), .server = made};
}

trouble after(char const* name, std::string_view so_far, void (*then)(peer_connection&), errc code,
              std::vector<std::string> says) {
    return {.name = name,
            .prepare = [=](request_count const& seen) { return answering(so_far, then, seen); },
            .code = code,
            .passes = code == errc::connection_lost,
            .seen = 1,
            .lasts = code == errc::deadline_exceeded,
            .says = std::move(says),
            .advises = advice_on(code)};
}

struct secured_server {
    emulator::certificate_authority authority{};
    testing::tls_peer tls{authority.issue()};
    temporary_path ca{".pem"};
    std::unique_ptr<faulty_server> server{};
};

trouble secured(char const* name, std::string_view so_far, void (*then)(tls_connection&), errc code,
                std::vector<std::string> says) {
    auto const prepare = [so_far, then](request_count const& seen) {
        auto made = std::make_shared<secured_server>();
        made->authority.write_ca(made->ca.path());
        auto const play = made->tls.after_handshake([so_far, then, seen](tls_connection& c) {
            if (c.read_until("\r\n\r\n").empty()) return;
            ++*seen;
            c.write(so_far);
            then(c);
        });
        made->server =
            std::make_unique<faulty_server>([play](peer_connection& c, int) { play(c); });
        return place{"https://" + made->server->address(), made->ca.string(), made};
    };
    return {.name = name,
            .prepare = prepare,
            .code = code,
            .passes = code == errc::connection_lost,
            .seen = 1,
            .lasts = code == errc::deadline_exceeded,
            .says = std::move(says),
            .advises = advice_on(code)};
}

} // namespace

std::vector<trouble> exchange_troubles() {
    auto const lost = errc::connection_lost;
    auto const wrong = errc::malformed_response;
    auto const late = errc::deadline_exceeded;
    return {
        after("reset_before_the_head", "", reset, lost, {"connection was lost", "reset"}),
        after("end_before_the_head", "", end, lost, {"closed the connection without an answer"}),
        after("stall_before_the_head", "", stall, late, {"deadline"}),
        after("garbage_for_a_head", "", talk_nonsense, wrong, {"not valid HTTP"}),
        after("reset_in_the_head", half_a_head, reset, lost, {"connection was lost"}),
        after("end_in_the_head", half_a_head, end, lost, {"in the middle of the answer"}),
        after("stall_in_the_head", half_a_head, stall, late, {"deadline"}),
        after("garbage_in_the_head", half_a_head, talk_nonsense, wrong, {"not valid HTTP"}),
        after("reset_in_the_body", half_a_body, reset, lost, {"connection was lost"}),
        after("end_in_the_body", half_a_body, end, lost, {"in the middle of the answer"}),
        after("stall_in_the_body", half_a_body, stall, late, {"deadline"}),
        after("garbage_in_the_body", half_a_body, talk_nonsense, wrong, {"not valid HTTP"}),
        secured("end_in_the_body_over_tls", half_a_body,
                [](tls_connection& c) { c.close_notify(); }, lost, {"in the middle of the answer"}),
        secured("truncated_in_the_body_over_tls", half_a_body, [](tls_connection&) {}, lost,
                {"in the middle of the answer"}),
        secured("stall_in_the_body_over_tls", half_a_body, [](tls_connection& c) { c.read(); },
                late, {"deadline"}),
    };
}

} // namespace bctrl::test
