#include "api/tls_configuration.hpp"

namespace bctrl {

outcome<std::shared_ptr<net::tls_context>, failure> tls_of(client_config const& config,
                                                           base_url const& where) {
    if (config.testing_only_accept_any_certificate && !where.is_loopback())
        return failure{
            errc::invalid_configuration,
            "testing_only_accept_any_certificate is for servers on this machine, and \"" +
                where.host + "\" is none; set ca_file to trust its certificate"};
    if (!config.client_key_file.empty() && config.client_certificate_file.empty())
        return failure{errc::invalid_configuration,
                       "client_key_file is set, and client_certificate_file is not"};
    net::tls_settings settings;
    settings.ca_file = config.ca_file;
    settings.trust_system_too = config.trust_system_too;
    settings.client_certificate_file = config.client_certificate_file;
    settings.client_key_file = config.client_key_file;
    if (config.http == http_version::http2) settings.protocols = {"h2"};
    if (config.http == http_version::automatic) settings.protocols = {"h2", "http/1.1"};
    settings.testing_only_accept_any_certificate = config.testing_only_accept_any_certificate;
    return net::tls_context::make(settings);
}

} // namespace bctrl
