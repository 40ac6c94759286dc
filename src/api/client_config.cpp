#include <bctrl/client_config.hpp>

#include <cstdlib>

namespace bctrl {

namespace {

std::string variable(char const* name) {
    auto const* const value = std::getenv(name);
    return value ? value : "";
}

/// The first of two names, as curl reads them: the one in lower case.
std::string either_variable(char const* lower, char const* upper) {
    auto value = variable(lower);
    return value.empty() ? variable(upper) : value;
}

} // namespace

client_config::client_config() = default;
client_config::client_config(client_config const&) = default;
client_config::client_config(client_config&&) noexcept = default;
client_config& client_config::operator=(client_config const&) = default;
client_config& client_config::operator=(client_config&&) noexcept = default;
client_config::~client_config() = default;

client_config client_config::from_environment() {
    client_config config;
    config.key = api_key{variable("BCTRL_API_KEY")};
    auto url = variable("BCTRL_BASE_URL");
    if (url.empty()) url = variable("BCTRL_API_BASE_URL");
    if (!url.empty()) config.base_url = std::move(url);
    config.proxy = proxy_url{either_variable("https_proxy", "HTTPS_PROXY")};
    config.no_proxy = either_variable("no_proxy", "NO_PROXY");
    return config;
}

} // namespace bctrl
