#pragma once

#include <bctrl/durable.hpp>
#include <bctrl/invocation.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bctrl {

/// A command of a run; the API gives it the schema of an invocation.
using command = invocation;

/// One page of the commands of a run: `GET /v1/runs/{id}/commands`.
struct command_page {
    std::vector<command> commands;
    std::optional<std::string> next_cursor; ///< names the next page; nothing on the last one
    std::vector<json_member> other_members;

    friend bool operator==(command_page const&, command_page const&) = default;
};

/// In which order a list is read.
enum class sort_order {
    asc,  ///< the oldest first
    desc, ///< the newest first
};

template <>
struct enum_texts<sort_order> {
    static constexpr enum_text<sort_order> all[] = {
        {sort_order::asc, "asc"},
        {sort_order::desc, "desc"},
    };
};

/// Which commands of a run are asked for: `GET /v1/runs/{id}/commands`. What is not set is not
/// sent, and the server decides.
///
/// Setters return the query, so that they can be chained:
/// `commands_query{}.limit(50).status("failed")`. It is no aggregate, because g++ 12 destroys
/// aggregates twice that are made inside a `co_await`.
/// @par Thread safety  As for std::string.
class commands_query {
public:
    /// Everything, as the server likes it.
    commands_query() noexcept {}

    /// The page to read: the `next_cursor` of the page before. The other settings must stay the
    /// same.
    commands_query& cursor(std::string value) {
        cursor_ = std::move(value);
        return *this;
    }
    /// The most commands in one page; the server's own bounds apply.
    commands_query& limit(std::int64_t value) {
        limit_ = value;
        return *this;
    }
    commands_query& order(sort_order value) {
        order_ = value;
        return *this;
    }
    /// Adds a status to the ones asked for.
    commands_query& status(std::string value) {
        statuses_.push_back(std::move(value));
        return *this;
    }
    commands_query& status(durable_status value) { return status(std::string{text_of(value)}); }
    /// Adds a mode to the ones asked for.
    commands_query& execution_mode(std::string value) {
        execution_modes_.push_back(std::move(value));
        return *this;
    }
    commands_query& execution_mode(bctrl::execution_mode value) {
        return execution_mode(std::string{text_of(value)});
    }
    /// Adds something that each command is to include; the API does not specify what there is.
    commands_query& include(std::string value) {
        includes_.push_back(std::move(value));
        return *this;
    }

    std::optional<std::string> const& cursor() const noexcept { return cursor_; }
    std::optional<std::int64_t> limit() const noexcept { return limit_; }
    std::optional<sort_order> order() const noexcept { return order_; }
    std::vector<std::string> const& statuses() const noexcept { return statuses_; }
    std::vector<std::string> const& execution_modes() const noexcept { return execution_modes_; }
    std::vector<std::string> const& includes() const noexcept { return includes_; }

    friend bool operator==(commands_query const&, commands_query const&) = default;

private:
    std::optional<std::string> cursor_;
    std::optional<std::int64_t> limit_;
    std::optional<sort_order> order_;
    std::vector<std::string> statuses_;
    std::vector<std::string> execution_modes_;
    std::vector<std::string> includes_;
};

} // namespace bctrl
