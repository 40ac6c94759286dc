#include "proxy.hpp"

#include <csignal>

namespace bctrl::test {

namespace {

std::vector<std::string> command(std::string const& configuration_file) {
    auto const folder = configuration_file.substr(0, configuration_file.rfind('/'));
    return {BCTRL_NGINX, "-p", folder, "-c", configuration_file, "-e", folder + "/error.log"};
}

/// Left to itself nginx opens a connection to the backend for every request.
std::string backend_connections(proxy_settings const& wanted) {
    if (!wanted.keeps_backend_connections) return "";
    return "proxy_http_version 1.1; proxy_set_header Connection '';";
}

std::string configuration(proxy_settings const& wanted, proxy_place const& at) {
    return R"(
daemon off;
worker_processes 2;
)" + std::string{wanted.hurried_reload ? "worker_shutdown_timeout 1s;" : ""} +
           R"(
pid nginx.pid;
error_log error.log;
events { worker_connections 4096; }
http {
    log_format told '$status $request';
    access_log access.log told;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    upstream backend {
        server 127.0.0.1:)" +
           std::to_string(wanted.backend) + R"( max_fails=0;
        keepalive 64;
    }
    server {
        listen 127.0.0.1:)" +
           std::to_string(at.port) + R"( ssl)" + (wanted.http2 ? " http2" : "") + R"(;
        http2_max_concurrent_streams )" +
           std::to_string(wanted.streams) + R"(;
        ssl_certificate chain.pem;
        ssl_certificate_key key.pem;
        keepalive_requests )" +
           std::to_string(wanted.requests_per_connection) + R"(;
        keepalive_timeout )" +
           std::to_string(wanted.keep_alive.count()) + R"(s;
        client_max_body_size 16k;
        gzip )" +
           (wanted.gzip ? "on" : "off") + R"(;
        gzip_types application/json;
        gzip_proxied any;
        proxy_buffering )" +
           (wanted.buffers_answers ? "on" : "off") + R"(;
        proxy_connect_timeout 2s;
        proxy_read_timeout )" +
           std::to_string(wanted.read_timeout.count()) + R"(s;
        location /v1/ { proxy_pass http://backend; )" +
           backend_connections(wanted) + R"( }
        location = /v1/maintenance { return 503; }
    }
}
)";
}

int reload_signal(proxy_settings const&) {
    return SIGHUP;
}

} // namespace

proxy_program const nginx_proxy{"nginx", &command, &configuration, &reload_signal};

} // namespace bctrl::test
