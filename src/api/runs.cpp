#include <bctrl/runs.hpp>

#include "api/await_call.hpp"
#include "api/durable_calls.hpp"
#include "api/start_call.hpp"
#include "model/path.hpp"

#include <set>
#include <utility>

namespace bctrl {

namespace {

constexpr std::string_view commands_name = "runs.commands";

task<rpc::call_outcome<command_page>> get_commands(detail::client_core& core, stop_signal& stop,
                                                   listed_call& call, std::string run_id,
                                                   commands_query query, call_options options) {
    auto path = model::run_commands_path(run_id, query);
    if (!path) co_return empty_id(core, commands_name);
    auto what = call_on(core, commands_name, "GET", std::move(*path), std::move(run_id));
    co_return co_await call_for_document<command_page>(core, stop, call, std::move(what), options);
}

} // namespace

/// Where a pager stands. Used on the client's strand only.
struct detail::pager_state {
    std::string run_id;
    commands_query query;
    std::vector<command> page;
    std::size_t taken = 0; ///< of `page`
    bool last_page_read = false;
    std::set<std::string> followed; ///< every cursor asked for; they are few and short
};

namespace {

/// Takes in a page; an error if it names one that was read before.
std::optional<rpc::call_failure> turn_page(detail::client_core& core, detail::pager_state& state,
                                           command_page read) {
    auto const& next = read.next_cursor;
    auto const more = next && !next->empty();
    if (more && !state.followed.insert(*next).second) {
        rpc::call what;
        what.name = commands_name;
        what.resource_id = state.run_id;
        return core.endpoint().fail(what, errc::cursor_repeated,
                                    "the cursor \"" + *next + "\" was followed already");
    }
    state.page = std::move(read.commands);
    state.taken = 0;
    state.last_page_read = !more;
    if (more) state.query.cursor(*next);
    return std::nullopt;
}

task<rpc::call_outcome<std::optional<command>>> next_command(
    detail::client_core& core, stop_signal& stop, listed_call& call,
    std::shared_ptr<detail::pager_state> state, call_options options) {
    while (state->taken == state->page.size()) {
        if (state->last_page_read) co_return std::optional<command>{};
        auto read = co_await get_commands(core, stop, call, state->run_id, state->query, options);
        if (!read) co_return std::move(read).error();
        if (auto failed = turn_page(core, *state, std::move(*read))) co_return std::move(*failed);
    }
    co_return std::optional<command>{std::move(state->page[state->taken++])};
}

} // namespace

command_pager::command_pager(core_pointer core, state_pointer state)
    : core_{std::move(core)}, state_{std::move(state)} {}
command_pager::command_pager(command_pager&&) noexcept = default;
command_pager& command_pager::operator=(command_pager&&) noexcept = default;
command_pager::~command_pager() = default;

void command_pager::start_next(detail::completion<std::optional<command>> done, core_pointer core,
                               state_pointer state, call_options options) {
    detail::start_call<std::optional<command>>(std::move(done), std::move(core), &next_command,
                                               std::move(state), options);
}

void runs_api::start_commands(detail::completion<command_page> done, core_pointer core,
                              std::string run_id, commands_query query, call_options options) {
    detail::start_call<command_page>(std::move(done), std::move(core), &get_commands,
                                     std::move(run_id), std::move(query), options);
}

command_pager runs_api::all_commands(std::string run_id, commands_query query) const {
    auto state = std::make_shared<detail::pager_state>();
    state->run_id = std::move(run_id);
    if (query.cursor()) state->followed.insert(*query.cursor());
    state->query = std::move(query);
    return {core_, std::move(state)};
}

template boost::asio::awaitable<command_page> detail::await_call(
    void (*)(detail::completion<command_page>, std::shared_ptr<detail::client_core>, std::string,
             commands_query, call_options),
    boost::asio::any_io_executor, std::shared_ptr<detail::client_core>, error_details*, std::string,
    commands_query, call_options);
template boost::asio::awaitable<std::optional<command>> detail::await_call(
    void (*)(detail::completion<std::optional<command>>, std::shared_ptr<detail::client_core>,
             std::shared_ptr<detail::pager_state>, call_options),
    boost::asio::any_io_executor, std::shared_ptr<detail::client_core>, error_details*,
    std::shared_ptr<detail::pager_state>, call_options);

} // namespace bctrl
