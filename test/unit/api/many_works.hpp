#pragma once

#include <bctrl/ended_work.hpp>
#include <bctrl/testing/durable_work.hpp>
#include <bctrl/testing/replies.hpp>
#include <bctrl/testing/simulation.hpp>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace bctrl {

/// A simulated server on which each work ends at a time of its own, and no other is known.
class many_works {
public:
    many_works() {
        world.server().answer_with([this](testing::seen_request const& asked) {
            auto const path = asked.path();
            auto const from = path.find('/', 4) + 1;
            std::string const id{path.substr(from, path.find('/', from) - from)};
            if (path.ends_with("/cancel")) {
                cancelled.push_back(id);
                return std::optional{testing::answer(testing::an_operation(id))};
            }
            auto const life = ends.find(id);
            if (life == ends.end())
                return std::optional{testing::refusal(404, "no such work", "operation.not_found")};
            return testing::durable_work(life->second)(asked);
        });
    }

    static std::vector<std::string> ids_of(std::vector<work_id> const& works) {
        std::vector<std::string> ids;
        for (auto const& each : works)
            ids.push_back(each.id);
        return ids;
    }
    static std::vector<std::string> ids_of(std::vector<ended_work> const& works) {
        std::vector<std::string> ids;
        for (auto const& each : works)
            ids.push_back(each.work.id);
        return ids;
    }

    testing::simulation world;
    std::map<std::string, std::chrono::milliseconds> ends; ///< since the beginning
    std::vector<std::string> cancelled;                    ///< on the server, in this order
    client user = world.make_client();
};

} // namespace bctrl
