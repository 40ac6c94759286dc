#pragma once

#include <bctrl/json_text.hpp>
#include <bctrl/open_enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// @file
/// The types that operations and invocations share. How members of the API are mapped:
/// - required: `T`; required but nullable: `std::optional<T>`;
/// - optional: `std::optional<T>`, and a null that the contract does not allow there reads as
/// absent;
/// - optional and nullable: `optional_nullable<T>`, which tells absent from null;
/// - free JSON: `json_text`, empty if absent. Whatever stands there is kept, even where the
/// contract asks
///   for an object;
/// - times: `timestamp`; enumerations: `open_enum`; integers: 64 bits;
/// - members that this version does not know: `other_members`.

namespace bctrl {

/// Where a piece of durable work stands.
enum class durable_status {
    unknown, ///< a status that this version does not know; it does not count as an ending
    queued,
    dispatching,
    running,
    cancelling,
    succeeded,
    failed,
    cancelled,
    timed_out, ///< the work itself ran out of time; says nothing of the time spent waiting for it
};

template <>
struct enum_texts<durable_status> {
    static constexpr enum_text<durable_status> all[] = {
        {durable_status::queued, "queued"},       {durable_status::dispatching, "dispatching"},
        {durable_status::running, "running"},     {durable_status::cancelling, "cancelling"},
        {durable_status::succeeded, "succeeded"}, {durable_status::failed, "failed"},
        {durable_status::cancelled, "cancelled"}, {durable_status::timed_out, "timed_out"},
    };
};

/// Whether the work has ended for good: succeeded, failed, cancelled or timed out. A status that
/// this version does not know is not an ending.
/// @par Thread safety  Safe from any thread.
constexpr bool is_terminal(durable_status status) noexcept {
    switch (status) {
        case durable_status::succeeded:
        case durable_status::failed:
        case durable_status::cancelled:
        case durable_status::timed_out:
            return true;
        case durable_status::unknown:
        case durable_status::queued:
        case durable_status::dispatching:
        case durable_status::running:
        case durable_status::cancelling:
            return false;
    }
    return false;
}

/// What a runtime drives.
enum class runtime_kind { unknown, browser, desktop, spreadsheet };

template <>
struct enum_texts<runtime_kind> {
    static constexpr enum_text<runtime_kind> all[] = {
        {runtime_kind::browser, "browser"},
        {runtime_kind::desktop, "desktop"},
        {runtime_kind::spreadsheet, "spreadsheet"},
    };
};

/// Whether the request that started the work waited for its end.
enum class execution_mode { unknown, inline_, durable };

template <>
struct enum_texts<execution_mode> {
    static constexpr enum_text<execution_mode> all[] = {
        {execution_mode::inline_, "inline"},
        {execution_mode::durable, "durable"},
    };
};

/// What a failing step means for the steps behind it.
enum class step_mode {
    unknown,
    fail_fast, ///< they are not run
};

template <>
struct enum_texts<step_mode> {
    static constexpr enum_text<step_mode> all[] = {{step_mode::fail_fast, "fail-fast"}};
};

/// Why the work failed. This is part of a good answer; an API that refuses a call is
/// `request_error`.
struct durable_error {
    std::optional<std::string> code;
    std::string message; ///< for people
    json_text details;
    std::vector<json_member> other_members;

    friend bool operator==(durable_error const&, durable_error const&) = default;
};

/// How far the work has come. Whether steps are counted from 0 or 1 is not specified: show, do not
/// compute.
struct progress {
    std::optional<std::string> current_call;
    std::optional<std::string> last_event_type;
    std::optional<std::string> message; ///< for people
    std::optional<std::int64_t> step;
    std::optional<std::int64_t> total_steps;
    std::vector<json_member> other_members;

    friend bool operator==(progress const&, progress const&) = default;
};

/// What kind of thing an alias stands for.
enum class binding_type { unknown, page, context, handle, subscription };

template <>
struct enum_texts<binding_type> {
    static constexpr enum_text<binding_type> all[] = {
        {binding_type::page, "page"},
        {binding_type::context, "context"},
        {binding_type::handle, "handle"},
        {binding_type::subscription, "subscription"},
    };
};

/// The alias under which later steps may refer to the result of this one.
struct binding {
    std::string alias;
    std::string id;
    open_enum<binding_type> type;
    std::vector<json_member> other_members;

    friend bool operator==(binding const&, binding const&) = default;
};

/// What a diagnostic finds fault with.
enum class diagnostic_category { unknown, arg_shape, semantic, runtime };

template <>
struct enum_texts<diagnostic_category> {
    static constexpr enum_text<diagnostic_category> all[] = {
        {diagnostic_category::arg_shape, "arg-shape"},
        {diagnostic_category::semantic, "semantic"},
        {diagnostic_category::runtime, "runtime"},
    };
};

/// One way to mend a failed step.
struct fix {
    std::string title;                  ///< for people
    std::optional<std::string> command; ///< a command line that does it
    std::optional<std::string> example; ///< how the step should look
    std::vector<json_member> other_members;

    friend bool operator==(fix const&, fix const&) = default;
};

/// What exactly is wrong with a failed step, and what to do about it.
struct diagnostic {
    std::string id;
    std::optional<open_enum<diagnostic_category>> category;
    std::optional<std::string> code;
    std::optional<std::string> call;
    std::optional<std::string> driver;
    std::optional<std::string> expected;
    std::optional<std::string> received;
    std::optional<std::vector<std::string>> closest; ///< names close to the one that is wrong
    std::optional<std::string> docs_url;
    std::optional<std::vector<fix>> fixes;
    std::vector<json_member> other_members;

    friend bool operator==(diagnostic const&, diagnostic const&) = default;
};

/// The body of a wait: `POST /v1/operations/{id}/wait` and `POST /v1/invocations/{id}/wait`.
struct wait_request {
    std::optional<std::int64_t>
        timeout_ms; ///< how long the server may keep the answer back, milliseconds
    std::vector<json_member> other_members;

    friend bool operator==(wait_request const&, wait_request const&) = default;
};

} // namespace bctrl
