#include "emulator/model/command_page.hpp"

#include "emulator/model/page_cursor.hpp"

#include <algorithm>

namespace bctrl::emulator {
namespace {

bool lets_through(std::vector<std::string> const& filter, std::string_view value) {
    return filter.empty() || std::find(filter.begin(), filter.end(), value) != filter.end();
}

bool is_beyond(resource const& command, page_cursor const& cursor) {
    if (cursor.after == 0) return true;
    return cursor.descending ? command.sequence_no < cursor.after
                             : command.sequence_no > cursor.after;
}

/// Everything from the cursor on that the filters let through.
std::vector<resource const*> remaining(run const& from, command_query const& query,
                                       page_cursor const& cursor, time_point now) {
    std::vector<resource const*> found;
    for (auto const* command : from.commands) {
        if (is_beyond(*command, cursor) &&
            lets_through(query.statuses, name_of(status_at(*command, now))) &&
            lets_through(query.execution_modes, command->about.execution_mode)) {
            found.push_back(command);
        }
    }
    if (cursor.descending) std::reverse(found.begin(), found.end());
    return found;
}

std::size_t size_of_page(page_script const& pages, std::size_t number, std::size_t limit) {
    if (pages.empty_page == number) return 0;
    if (pages.sizes.empty()) return limit;
    return number <= pages.sizes.size() ? pages.sizes[number - 1] : limit;
}

bool has_more(page_script const& pages, std::size_t number, std::size_t left) {
    return left > 0 || number < pages.sizes.size() || pages.empty_page == number + 1;
}

} // namespace

std::optional<command_page> page_of(run const& from, command_query const& query, time_point now) {
    page_cursor cursor{.descending = query.descending};
    if (!query.cursor.empty()) {
        auto const given = read_cursor(query.cursor);
        if (!given || given->descending != query.descending) return std::nullopt;
        cursor = *given;
    }

    auto commands = remaining(from, query, cursor, now);
    auto const total = commands.size();
    commands.resize(std::min(total, size_of_page(from.pages, cursor.page, query.limit)));
    command_page page{.commands = std::move(commands), .next_cursor = std::nullopt};
    if (from.pages.repeat_cursor == cursor.page) {
        page.next_cursor = write(cursor);
    } else if (has_more(from.pages, cursor.page, total - page.commands.size())) {
        auto const after = page.commands.empty() ? cursor.after : page.commands.back()->sequence_no;
        page.next_cursor =
            write({.page = cursor.page + 1, .descending = cursor.descending, .after = after});
    }
    return page;
}

} // namespace bctrl::emulator
