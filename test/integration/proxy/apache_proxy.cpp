#include "proxy.hpp"

#include <csignal>

namespace bctrl::test {

namespace {

std::vector<std::string> command(std::string const& configuration_file) {
    return {BCTRL_APACHE, "-D", "FOREGROUND", "-f", configuration_file};
}

std::string modules() {
    std::string text;
    for (std::string const name :
         {"mpm_event", "authz_core", "alias", "filter", "deflate", "proxy", "proxy_http", "ssl"})
        text += "LoadModule " + name + "_module " BCTRL_APACHE_MODULES "/mod_" + name + ".so\n";
    return text;
}

std::string backend(proxy_settings const& wanted) {
    return "http://127.0.0.1:" + std::to_string(wanted.backend) +
           // A backend that failed is left alone for a while: for a minute if nothing is said.
           "/v1/ retry=1 connectiontimeout=2" +
           (wanted.keeps_backend_connections ? "" : " disablereuse=on") +
           (wanted.buffers_answers ? "" : " flushpackets=on");
}

std::string configuration(proxy_settings const& wanted, proxy_place const& at) {
    return "ServerRoot " + at.folder + "\nDefaultRuntimeDir " + at.folder + "\n" + modules() + R"(
# Ignored unless root starts it: nobody.
User #65534
Group #65534
ServerName localhost
PidFile apache.pid
ErrorLog error.log
LogFormat "%>s %r" told
CustomLog access.log told
Listen 127.0.0.1:)" +
           std::to_string(at.port) + R"(
# A wait takes a thread. Those of children that are to end after a reload count until then.
StartServers 2
ServerLimit 16
ThreadsPerChild 64
MaxRequestWorkers 1024
ThreadStackSize 262144
SSLEngine on
SSLCertificateFile chain.pem
SSLCertificateKeyFile key.pem
KeepAlive On
# Those that follow the first.
MaxKeepAliveRequests )" +
           std::to_string(wanted.requests_per_connection - 1) + "\nKeepAliveTimeout " +
           std::to_string(wanted.keep_alive.count()) + "\nProxyTimeout " +
           std::to_string(wanted.read_timeout.count()) + R"(
Redirect 503 /v1/maintenance
<If "%{HTTP:Content-Length} -gt 16384">
    Redirect 413 /v1/
</If>
ProxyPass /v1/maintenance !
ProxyPass /v1/ )" +
           backend(wanted) + "\n" +
           (wanted.gzip ? "AddOutputFilterByType DEFLATE application/json\n" : "");
}

/// Gracefully, or at once.
int reload_signal(proxy_settings const& wanted) {
    return wanted.hurried_reload ? SIGHUP : SIGUSR1;
}

} // namespace

proxy_program const apache_proxy{"apache", &command, &configuration, &reload_signal};

} // namespace bctrl::test
