#include "cli/arguments.hpp"

#include "cli/exit_code.hpp"

#include <bctrl/version.hpp>

#include <CLI/CLI.hpp>

#include <cstdint>
#include <iostream>
#include <vector>

namespace bctrl::cli {

namespace {

/// What CLI11 fills, in its own types.
struct raw_arguments {
    std::string order;
    std::string cursor;
    std::int64_t limit = 0;
    std::vector<std::string> statuses;
    std::vector<std::string> modes;
    std::vector<std::string> includes;
    std::int64_t timeout_ms = 0;
};

/// The command's words and options, and where they go.
struct grammar {
    grammar();
    void add_command(CLI::App& group, action what, std::string const& name, std::string const& text,
                     std::string const& id_name);
    void add_run_options(CLI::App& commands);
    void take_over();

    CLI::App app{"Waits for bctrl's durable operations, and reads and cancels them."};
    arguments taken;
    raw_arguments raw;
    CLI::Option* limit = nullptr;
    CLI::Option* timeout = nullptr;
};

std::string longer_than_nothing(std::string const& milliseconds) {
    auto const none = milliseconds == "0" || milliseconds.starts_with('-');
    return none ? "must be longer than nothing" : "";
}

/// An option that takes one value each time it is given, so that it never eats the word behind.
void add_list(CLI::App& to, std::string const& name, std::vector<std::string>& values,
              std::string const& text) {
    to.add_option(name, values, text)->allow_extra_args(false);
}

grammar::grammar() {
    app.name("bctrl");
    app.failure_message([](CLI::App const*, CLI::Error const& e) {
        return std::string{"bctrl: "} + e.what() + "\nRun with --help for more information.\n";
    });
    app.set_version_flag("--version", std::string{"bctrl "} + version());
    app.require_subcommand(1);
    app.fallthrough();
    app.add_option("--base-url", taken.base_url, "where the API is; else BCTRL_BASE_URL");
    app.add_option("--ca-file", taken.ca_file, "PEM certificates to trust instead of the system's")
        ->check(CLI::ExistingFile);
    app.add_flag("--json", taken.json, "print the document instead of a summary");
    app.footer(
        "The API key is read from BCTRL_API_KEY.\n"
        "Exit codes: 0 ok, 1 did not succeed, 2 usage, 3 API error, 4 key, 5 not found,\n"
        "6 network, TLS or protocol, 74 output cannot be written, 124 --timeout passed,\n"
        "130 interrupted.");

    auto* const operations = app.add_subcommand("operations", "durable operations");
    operations->require_subcommand(1)->fallthrough();
    add_command(*operations, action::operations_get, "get", "Show an operation", "ID");
    add_command(*operations, action::operations_wait, "wait", "Wait until an operation has ended",
                "ID");
    add_command(*operations, action::operations_cancel, "cancel", "Ask to cancel an operation",
                "ID");
    timeout = operations->get_subcommand("wait")->add_option(
        "--timeout", raw.timeout_ms, "how long to wait, as in 500ms, 30s, 5m, 2h");
    std::map<std::string, std::int64_t> const units{
        {"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}};
    timeout->transform(CLI::AsNumberWithUnit(units, CLI::AsNumberWithUnit::UNIT_REQUIRED))
        ->check(longer_than_nothing, "");

    auto* const invocations = app.add_subcommand("invocations", "durable invocations");
    invocations->require_subcommand(1)->fallthrough();
    add_command(*invocations, action::invocations_get, "get", "Show an invocation", "ID");

    auto* const runs = app.add_subcommand("runs", "runs and their commands");
    runs->require_subcommand(1)->fallthrough();
    add_command(*runs, action::runs_commands, "commands", "List the commands of a run", "RUN_ID");
    add_run_options(*runs->get_subcommand("commands"));
}

void grammar::add_command(CLI::App& group, action what, std::string const& name,
                          std::string const& text, std::string const& id_name) {
    auto* const command = group.add_subcommand(name, text);
    command->fallthrough();
    command->add_option("id", taken.id, "its id")->required()->option_text(id_name);
    command->callback([this, what] { taken.what = what; });
}

void grammar::add_run_options(CLI::App& commands) {
    limit = commands.add_option("--limit", raw.limit, "the most commands in one page");
    commands.add_option("--order", raw.order, "which come first")
        ->check(CLI::IsMember({"asc", "desc"}));
    add_list(commands, "--status", raw.statuses,
             "only commands of this status; repeat for several");
    add_list(commands, "--execution-mode", raw.modes, "only inline or durable ones");
    add_list(commands, "--include", raw.includes, "what else each command is to hold");
    commands.add_option("--cursor", raw.cursor, "the page to read, as the page before named it");
    commands.add_flag("--all", taken.all_pages, "read every page");
}

void grammar::take_over() {
    auto& query = taken.query;
    if (!raw.cursor.empty()) query.cursor(raw.cursor);
    if (limit->count() > 0) query.limit(raw.limit);
    if (!raw.order.empty()) query.order(raw.order == "asc" ? sort_order::asc : sort_order::desc);
    for (auto& each : raw.statuses)
        query.status(std::move(each));
    for (auto& each : raw.modes)
        query.execution_mode(std::move(each));
    for (auto& each : raw.includes)
        query.include(std::move(each));
    if (timeout->count() > 0) taken.timeout = std::chrono::milliseconds{raw.timeout_ms};
}

} // namespace

std::variant<arguments, int> parse(int argc, char const* const* argv) {
    grammar words;
    try {
        words.app.parse(argc, argv);
    } catch (CLI::ParseError const& e) {
        return words.app.exit(e) == 0 ? int{exit_ok} : int{exit_usage};
    }
    words.take_over();
    return std::move(words.taken);
}

} // namespace bctrl::cli
