#include "cli/summary.hpp"

#include <bctrl/failed_step.hpp>
#include <bctrl/optional_nullable.hpp>

#include <string_view>

namespace bctrl::cli {

namespace {

void line(std::string& text, std::string_view label, std::string_view value) {
    constexpr std::size_t label_width = 10;
    if (value.empty()) return;
    text.append("  ").append(label);
    text.append(label.size() < label_width ? label_width - label.size() : 1, ' ');
    text.append(value).append("\n");
}

std::string text_of(optional_nullable<timestamp> const& when) {
    return when.has_value() ? when->text() : std::string{};
}

std::string text_of(optional_nullable<progress> const& made) {
    if (!made.has_value()) return {};
    std::string text;
    if (made->step) text += "step " + std::to_string(*made->step);
    if (made->step && made->total_steps) text += " of " + std::to_string(*made->total_steps);
    if (made->current_call) text += (text.empty() ? "" : ", ") + *made->current_call;
    if (made->message) text += (text.empty() ? "" : ": ") + *made->message;
    return text;
}

template <class Resource>
std::string common_summary(std::string_view kind, Resource const& of, std::string_view where) {
    std::string text;
    text.append(kind).append(" ").append(of.id).append(": ").append(of.status.text()).append("\n");
    line(text, "runtime", std::string{where} + " (" + std::string{of.runtime_kind.text()} + ")");
    line(text, "created", of.created_at.text());
    line(text, "started", text_of(of.started_at));
    line(text, "finished", text_of(of.finished_at));
    line(text, "cancelled", text_of(of.cancel_requested_at));
    line(text, "progress", text_of(of.progress));
    if (is_terminal(of.status)) text += explain_failure(of);
    return text;
}

} // namespace

std::string summary(operation const& of) {
    return common_summary("operation", of, of.runtime);
}

std::string summary(invocation const& of) {
    return common_summary("invocation", of, of.runtime_id);
}

std::string list_line(invocation const& of) {
    std::string text = std::to_string(of.sequence_no);
    text.append("  ").append(of.id).append("  ").append(of.status.text());
    text.append("  ").append(of.entry_call).append("\n");
    return text;
}

} // namespace bctrl::cli
