#include "model/explanation_words.hpp"

#include <bctrl/explanation.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

namespace bctrl {

namespace {

/// Up to so many calls all are shown.
constexpr std::size_t few_calls = 60;
/// Of each kind, if there are more.
constexpr std::size_t shown_of_a_kind = 10;
/// A longer id is not cut, but its line stands out.
constexpr std::size_t widest_id = 40;

using call_list = std::vector<call_explanation const*>;

/// Calls are of one kind if people would say the same of them.
struct kind {
    unsigned urgency; ///< the less the more urgent
    std::string call;
    std::string doing;

    friend auto operator<=>(kind const&, kind const&) = default;
};

unsigned urgency_of(call_explanation const& call) noexcept {
    switch (call.phase) {
        case call_phase::pausing:
            return call.pause == pause_reason::backoff ? 0 : 1;
        case call_phase::queued:
            return 2;
        case call_phase::dialling:
            return 3;
        case call_phase::beginning:
        case call_phase::sending:
        case call_phase::reading:
            return 4;
        case call_phase::awaiting:
            return 5;
        case call_phase::parked:
            return 6;
    }
    return 7;
}

std::map<kind, call_list> by_kind(explanation const& what) {
    std::map<kind, call_list> found;
    for (auto const& each : what.calls) {
        kind of{urgency_of(each), each.call, model::what_it_does(each)};
        found[std::move(of)].push_back(&each);
    }
    for (auto& [_, calls] : found)
        std::stable_sort(calls.begin(), calls.end(),
                         [](auto const* a, auto const* b) { return a->in_flight > b->in_flight; });
    return found;
}

std::string totals(client_stats const& seen) {
    using model::count_text;
    return count_text(seen.calls) + " calls in flight; so far " + count_text(seen.calls_begun()) +
           " begun, " + count_text(seen.calls_succeeded) + " succeeded, " +
           count_text(seen.calls_failed) + " failed, " + count_text(seen.calls_cancelled) +
           " cancelled\n" + count_text(seen.requests) + " requests, " + count_text(seen.retries) +
           " retries, " + count_text(seen.replays) + " replays; " + count_text(seen.polls) +
           " polls, " + count_text(seen.slices) + " slices, " + count_text(seen.early_answers) +
           " early answers, " + count_text(seen.wait_faults) + " faults; " +
           count_text(seen.connections) + " connections, " + count_text(seen.dials_failed) +
           " failed dials, " + count_text(seen.queue_refusals) + " refused by a full queue\n";
}

std::string describe(waits_explanation const& seen) {
    auto const count = [](std::size_t n) {
        return model::count_text(static_cast<std::int64_t>(n));
    };
    auto text = "waits: " + count(seen.polled) + " pieces of work polled";
    if (seen.server_out_of_reach) text += ", the server is out of reach";
    if (seen.awaiting_turn > 0) text += ", " + count(seen.awaiting_turn) + " wait for their turn";
    if (seen.awaiting_connection > 0)
        text += ", " + count(seen.awaiting_connection) + " take turns for a connection";
    if (seen.learned_slice)
        text += ", polls ask for " + model::duration_text(*seen.learned_slice) +
                " at the most because longer ones were cut";
    return text;
}

/// Cells of one line of the table of calls.
using row = std::array<std::string, 5>;

row row_of(call_explanation const& call) {
    auto const left =
        call.time_left ? model::duration_text(*call.time_left) + " left" : "no deadline";
    return {model::duration_text(call.in_flight), call.call, call.id.empty() ? "-" : call.id, left,
            model::state_of(call)};
}

void append_table(std::string& out, std::vector<row> const& rows,
                  std::map<std::size_t, std::string> const& notes) {
    std::array<std::size_t, 4> width{};
    for (auto const& each : rows)
        for (std::size_t n = 0; n < width.size(); ++n)
            width[n] = std::max(width[n], std::min(each[n].size(), widest_id));
    for (std::size_t at = 0; at < rows.size(); ++at) {
        out += "  ";
        for (std::size_t n = 0; n < width.size(); ++n) {
            auto const& cell = rows[at][n];
            std::string const room(width[n] - std::min(cell.size(), width[n]), ' ');
            // Times read best flushed right.
            out += n == 0 ? room + cell : cell + room;
            out += "  ";
        }
        out += rows[at].back() + "\n";
        if (auto const note = notes.find(at); note != notes.end()) out += "  " + note->second;
    }
}

} // namespace

std::string to_text(explanation const& what) {
    std::string out;
    if (what.accepts_any_certificate)
        out +=
            "NOT SECURE: testing_only_accept_any_certificate is set, anybody may pose as the "
            "server\n";
    out += totals(what.stats);
    for (auto const& each : what.lanes)
        out += model::describe(each) + "\n";

    if (what.waits.polled > 0) out += describe(what.waits) + "\n";
    auto const most = what.calls.size() <= few_calls ? few_calls : shown_of_a_kind;
    std::vector<row> rows;
    std::map<std::size_t, std::string> notes;
    for (auto const& [of, calls] : by_kind(what)) {
        auto const shown = std::min(calls.size(), most);
        for (std::size_t n = 0; n < shown; ++n)
            rows.push_back(row_of(*calls[n]));
        if (shown < calls.size())
            notes[rows.size() - 1] =
                "... and " + model::count_text(static_cast<std::int64_t>(calls.size() - shown)) +
                " more like this: " + of.call + ", " + of.doing + "\n";
    }
    append_table(out, rows, notes);
    return out;
}

} // namespace bctrl
