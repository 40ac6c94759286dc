#pragma once

#include "emulator/model/change_log.hpp"
#include "emulator/model/deadline_queue.hpp"
#include "emulator/model/identifiers.hpp"
#include "emulator/model/page_script.hpp"
#include "emulator/model/resource.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace bctrl::emulator {

/// A run and its commands in the order of their creation.
struct run {
    std::string id;
    page_script pages{};
    std::vector<resource const*> commands{};
};

enum class cancel_effect { requested, requested_before, finished_before };

/// The ids that a store gives to what was created without.
struct shared_ids {
    std::string workspace;
    std::string space;
    std::string runtime;
};

/// All operations, invocations and runs, and the passing of their time. Does no input or output and
/// reads no clock: every call is told the time, which never runs backwards.
///
/// Pointers stay valid until `clear()`.
class store {
public:
    explicit store(identifiers& ids);

    /// From now on `log` hears of every change; null: nobody does.
    void report_to(change_log* log) { log_ = log; }

    /// Null if the id is taken. An invocation's run is made if there is none yet.
    resource const* create(resource_kind kind, resource_description about, time_point now);

    /// Null if the id is taken; an empty id is replaced.
    run const* create_run(std::string id, page_script pages);

    resource const* find(resource_kind kind, std::string_view id) const;
    run const* find_run(std::string_view id) const;

    cancel_effect cancel(resource const& target, time_point now);

    /// Lets something end now as it was going to end later, by the next `advance`.
    void end_now(resource const& target, time_point now);

    /// Ends what is due, and returns it in the order of ending.
    std::vector<resource const*> advance(time_point now);

    /// When the next life ends.
    std::optional<time_point> next_end() const { return ends_.next(); }

    void clear();

    shared_ids const& shared() const { return shared_; }
    void share(shared_ids ids) { shared_ = std::move(ids); }

    std::size_t operations() const { return resources_[0].size(); }
    std::size_t invocations() const { return resources_[1].size(); }
    std::size_t runs() const { return runs_.size(); }

private:
    struct entry {
        resource what;
        deadline_queue<entry*>::handle end{};
    };
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };
    template <class T>
    using by_id = std::unordered_map<std::string, std::unique_ptr<T>, text_hash, std::equal_to<>>;

    void fill_in(resource_description& about, resource_kind kind);
    run& run_of(std::string const& id);

    identifiers& ids_;
    shared_ids shared_;
    change_log* log_ = nullptr;
    by_id<entry> resources_[2];
    by_id<run> runs_;
    deadline_queue<entry*> ends_;
};

} // namespace bctrl::emulator
