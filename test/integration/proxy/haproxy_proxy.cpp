#include "proxy.hpp"

#include <csignal>

namespace bctrl::test {

namespace {

std::vector<std::string> command(std::string const& configuration_file) {
    return {BCTRL_HAPROXY, "-W", "-f", configuration_file};
}

std::string backend_connections(proxy_settings const& wanted) {
    return wanted.keeps_backend_connections ? "http-reuse always" : "option http-server-close";
}

std::string configuration(proxy_settings const& wanted, proxy_place const& at) {
    return R"(
global
    log stdout format raw local0
    maxconn 4000
    stats socket )" +
           at.file("control") + R"( mode 600 expose-fd listeners
    tune.h2.max-concurrent-streams )" +
           std::to_string(wanted.streams) + R"(
    )" + std::string{wanted.hurried_reload ? "hard-stop-after 1s" : ""} +
           R"(
defaults
    mode http
    log global
    log-format "%ST %r"
    timeout connect 2s
    timeout client 120s
    timeout http-keep-alive )" +
           std::to_string(wanted.keep_alive.count()) + R"(s
    timeout server )" +
           std::to_string(wanted.read_timeout.count()) + R"(s
    )" + backend_connections(wanted) +
           R"(
    )" + (wanted.buffers_answers ? "" : "option http-no-delay") +
           R"(
    )" + (wanted.gzip ? "compression algo gzip\n    compression type application/json" : "") +
           R"(
frontend clients
    bind 127.0.0.1:)" +
           std::to_string(at.port) + " ssl crt " + at.file("both.pem") + " alpn " +
           (wanted.http2 ? "h2,http/1.1" : "http/1.1") + R"(
    tcp-request session set-var(sess.requests) int(0)
    http-request set-var(sess.requests) var(sess.requests),add(1)
    http-after-response set-header Connection close if { var(sess.requests) -m int ge )" +
           std::to_string(wanted.requests_per_connection) + R"( }
    http-request deny deny_status 404 unless { path_beg /v1/ }
    http-request deny deny_status 413 if { req.hdr(content-length) -m int gt 16384 }
    http-request deny deny_status 503 if { path /v1/maintenance }
    default_backend emulator
backend emulator
    server emulator 127.0.0.1:)" +
           std::to_string(wanted.backend) + "\n";
}

int reload_signal(proxy_settings const&) {
    return SIGUSR2;
}

} // namespace

proxy_program const haproxy_proxy{"haproxy", &command, &configuration, &reload_signal};

} // namespace bctrl::test
