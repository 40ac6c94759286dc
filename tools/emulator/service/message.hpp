#pragma once

#include "emulator/model/deadline_queue.hpp"
#include "emulator/model/resource.hpp"
#include "emulator/service/count_condition.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace bctrl::emulator {

/// What the API needs of an HTTP request, whatever the version of HTTP.
struct request {
    std::string method;
    std::string target;
    std::string authorization{};
    std::string content_type{};
    std::string body{};
    std::uint64_t connection = 0; ///< the number of the one that it came on
};

struct response {
    unsigned status = 200;
    std::string body{};
    std::vector<std::pair<std::string_view, std::string>> headers{};
    std::string request_id{};
};

/// A wait that is answered later: when its resource ends, or at `until`.
struct parking {
    resource_kind kind;
    resource const* target; ///< valid until the store is cleared
    std::string id;
    time_point until;
    std::string request_id{};
    std::optional<count_condition> watched{}; ///< set: waits for such a number of parked waits
};

using reply = std::variant<response, parking>;

/// Why a parked wait is answered.
enum class wait_end { resource_ended, timed_out, forgotten };

} // namespace bctrl::emulator
