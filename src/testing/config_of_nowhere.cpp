#include <bctrl/testing/config_of_nowhere.hpp>

namespace bctrl::testing {

client_config config_of_nowhere() {
    client_config config;
    config.key = api_key{"bctrl_test_key"};
    // Plain http: a client over https would read the system's certificates first.
    config.base_url = "http://127.0.0.1:1";
    return config;
}

} // namespace bctrl::testing
