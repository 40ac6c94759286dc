#include "nginx_server.hpp"

#include "emulator_peer.hpp"
#include "support/quiet_port.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>

namespace bctrl::test {

namespace {

void write_file(std::string const& path, std::string const& text) {
    std::ofstream{path} << text;
}

} // namespace

nginx_server::nginx_server()
    : ca_file_{in_folder("ca.pem")}, port_{quiet_port()}, process_{(write_files(), start())} {
    // nginx writes its process id once it listens.
    auto const listens = [this] { return std::filesystem::exists(in_folder("nginx.pid")); };
    emulator::eventually([&] { return listens() || process_.has_ended(); });
    EXPECT_TRUE(listens()) << process_.err() << read_file(in_folder("error.log"));
}

std::string nginx_server::stop() {
    process_.signal(SIGQUIT);
    auto const ended = process_.wait();
    EXPECT_EQ(ended.exit_code, 0) << ended.err << read_file(in_folder("error.log"));
    return read_file(in_folder("access.log"));
}

void nginx_server::write_files() const {
    std::filesystem::create_directory(folder_.path());
    emulator::certificate_authority const authority;
    auto const own = authority.issue();
    authority.write_ca(ca_file_);
    write_file(in_folder("chain.pem"), own.chain);
    write_file(in_folder("key.pem"), own.private_key);
    write_file(in_folder("nginx.conf"), configuration());
}

std::string nginx_server::configuration() const {
    return R"(# One process: ending it leaves nothing behind.
daemon off;
master_process off;
pid nginx.pid;
error_log error.log;
events {}
http {
    log_format told '$connection $ssl_protocol $status $request $sent_http_content_encoding';
    access_log access.log told;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    default_type application/json;
    gzip on;
    gzip_min_length 0;
    gzip_types application/json;
    server {
        listen 127.0.0.1:)" +
           std::to_string(port_) + R"( ssl;
        ssl_certificate chain.pem;
        ssl_certificate_key key.pem;
        ssl_protocols TLSv1.3;
        root ")" BCTRL_TEST_DATA R"(";
        if ($http_authorization != 'Bearer )" +
           emulator_key + R"(') { return 401 '{"error":"no","code":"auth.error"}'; }
        location ~ ^/v1/operations/[^/]+$ { try_files /operation-succeeded.json =500; }
        # Files are not for posting to, nginx finds.
        location ~ ^/v1/operations/[^/]+/wait$ {
            error_page 405 =200 /operation-wait-finished.json;
            return 405;
        }
    }
}
)";
}

program_start nginx_server::start() const {
    return {.words = {BCTRL_NGINX, "-p", folder_.string(), "-c", in_folder("nginx.conf"), "-e",
                      in_folder("error.log")}};
}

} // namespace bctrl::test
