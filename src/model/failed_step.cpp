#include <bctrl/failed_step.hpp>

#include <optional>
#include <string_view>

namespace bctrl {

namespace {

void line(std::string& text, std::string_view label, std::string_view value) {
    constexpr std::size_t label_width = 10;
    if (value.empty()) return;
    text.append("  ").append(label);
    text.append(label.size() < label_width ? label_width - label.size() : 1, ' ');
    text.append(value).append("\n");
}

void optional_line(std::string& text, std::string_view label,
                   std::optional<std::string> const& value) {
    if (value) line(text, label, *value);
}

std::string joined(std::vector<std::string> const& words) {
    std::string text;
    for (auto const& each : words)
        text.append(text.empty() ? "" : ", ").append(each);
    return text;
}

void append_fix(std::string& text, fix const& one) {
    line(text, "fix", one.title);
    optional_line(text, "", one.example);
    optional_line(text, "", one.command);
}

void append_diagnostic(std::string& text, diagnostic const& found) {
    optional_line(text, "received", found.received);
    optional_line(text, "expected", found.expected);
    if (found.closest) line(text, "closest", joined(*found.closest));
    if (found.fixes)
        for (auto const& each : *found.fixes)
            append_fix(text, each);
    optional_line(text, "see", found.docs_url);
}

template <class Step>
std::string explain_step(Step const& failed) {
    auto text = "step " + std::to_string(failed.index) + " (" + failed.call +
                ") failed: " + failed.error->message + "\n";
    line(text, "code", failed.error->code.text());
    optional_line(text, "hint", failed.error->hint);
    if (failed.error->diagnostic) append_diagnostic(text, *failed.error->diagnostic);
    return text;
}

template <class Resource>
auto find_failed_step(Resource const& of) noexcept -> decltype(of.result->steps.data()) {
    if (!of.result.has_value()) return nullptr;
    for (auto const& each : of.result->steps)
        if (each.error) return &each;
    return nullptr;
}

template <class Resource>
std::string explain(Resource const& of) {
    if (auto const* const failed = first_failed_step(of)) return explain_step(*failed);
    if (!of.error.has_value()) return {};
    auto text = of.error->message + "\n";
    optional_line(text, "code", of.error->code);
    return text;
}

} // namespace

operation_step_result const* first_failed_step(operation const& of) noexcept {
    return find_failed_step(of);
}

step_result const* first_failed_step(invocation const& of) noexcept {
    return find_failed_step(of);
}

std::string explain_failure(operation const& of) {
    return explain(of);
}

std::string explain_failure(invocation const& of) {
    return explain(of);
}

} // namespace bctrl
