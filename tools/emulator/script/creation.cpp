#include "emulator/script/creation.hpp"

#include "emulator/script/json_fields.hpp"
#include "emulator/script/life_script.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace bctrl::emulator {
namespace {

namespace json = boost::json;

// Bounds what one small request can make; a list of resources this long is 60 MB of answer.
constexpr std::size_t most_resources = 100'000;

std::string one_of(json_fields& fields, std::string_view name,
                   std::initializer_list<std::string_view> allowed, std::string fallback) {
    auto text = fields.text(name);
    if (!text) return fallback;
    if (std::find(allowed.begin(), allowed.end(), *text) != allowed.end()) return *text;
    std::string names;
    for (auto const word : allowed)
        names += (names.empty() ? "" : ", ") + std::string{word};
    throw script_fault{fields.at(name), "must be one of " + names};
}

std::string read_id(json_fields& fields, std::string_view name) {
    constexpr std::size_t longest = 200;
    auto const id = fields.text(name);
    if (!id) return {};
    if (id->empty() || id->size() > longest)
        throw script_fault{fields.at(name), "must have 1 to 200 characters"};
    return *id;
}

void read_invocation_members(json_fields& fields, resource_description& about) {
    about.run_id = read_id(fields, "runId");
    about.execution_mode =
        one_of(fields, "executionMode", {"inline", "durable"}, about.execution_mode);
    about.artifact_count = fields.count("artifactCount", 0, std::int64_t{1} << 53).value_or(0);
    about.connector = fields.text("connector");
    about.correlation_id = fields.text("correlationId");
    if (auto const* metadata = fields.object("metadata"))
        about.metadata = json::serialize(*metadata);
    if (auto const* request = fields.object("request")) about.request = json::serialize(*request);
}

resource_description read_description(json_fields& fields, resource_kind kind) {
    auto const* script = fields.find("life");
    life lived;
    if (script != nullptr) lived = read_life(*script, fields.at("life"));
    resource_description about{.script = std::make_shared<life const>(std::move(lived))};
    about.id = read_id(fields, "id");
    about.runtime = fields.text("runtime").value_or(about.runtime);
    about.runtime_id = read_id(fields, "runtimeId");
    about.runtime_kind =
        one_of(fields, "runtimeKind", {"browser", "desktop", "spreadsheet"}, about.runtime_kind);
    about.owner_id = read_id(fields, kind == resource_kind::operation ? "workspaceId" : "spaceId");
    if (kind == resource_kind::invocation) read_invocation_members(fields, about);
    return about;
}

/// Appends what one description stands for; returns whether it stood for many.
bool append(std::vector<resource_description>& all, resource_kind kind, json::value const& value,
            std::string const& path) {
    json_fields fields{value, path};
    auto const about = read_description(fields, kind);
    auto const count = fields.count("count", 0, most_resources);
    fields.refuse_others();
    if (count && !about.id.empty())
        throw script_fault{fields.at("count"), "cannot be given with an id"};
    auto const size = static_cast<std::size_t>(count.value_or(1));
    if (all.size() + size > most_resources)
        throw script_fault{path, "makes more than 100000 resources"};
    all.insert(all.end(), size, about);
    return count.has_value();
}

void append_all(std::vector<resource_description>& all, resource_kind kind,
                json::array const& values, std::string const& path) {
    std::size_t index = 0;
    for (auto const& value : values)
        append(all, kind, value, path + "[" + std::to_string(index++) + "]");
}

page_script read_pages(json_fields& fields) {
    constexpr std::int64_t last_page = 1'000'000;
    page_script pages;
    pages.empty_page = fields.count("emptyPageAt", 1, last_page);
    pages.repeat_cursor = fields.count("repeatCursorAt", 1, last_page);
    return pages;
}

} // namespace

creation read_creation(resource_kind kind, json::value const& body) {
    auto const list = std::string{name_of(kind)} + "s";
    creation made{.is_list = true};
    if (body.is_array()) {
        append_all(made.resources, kind, body.get_array(), "");
        return made;
    }
    if (body.is_object() && body.get_object().contains(list)) {
        json_fields fields{body, ""};
        if (auto const* values = fields.array(list))
            append_all(made.resources, kind, *values, list);
        fields.refuse_others();
        return made;
    }
    made.is_list = append(made.resources, kind, body, "");
    return made;
}

run_creation read_run_creation(json::value const& body) {
    constexpr auto kind = resource_kind::invocation;
    json_fields fields{body, ""};
    run_creation made{.id = read_id(fields, "id"), .pages = read_pages(fields)};

    if (auto const* commands = fields.find("commands");
        commands != nullptr && commands->is_array()) {
        append_all(made.commands, kind, commands->get_array(), "commands");
    } else {
        auto const count = fields.count("commands", 0, most_resources).value_or(0);
        json::object const described{{"count", count}};
        append(made.commands, kind, described, "");
    }
    if (auto const* pages = fields.array("pages")) {
        for (auto const& page : *pages) {
            auto const path = "pages[" + std::to_string(made.pages.sizes.size()) + "]";
            if (!page.is_array()) throw script_fault{path, "must be an array"};
            auto const before = made.commands.size();
            append_all(made.commands, kind, page.get_array(), path);
            made.pages.sizes.push_back(made.commands.size() - before);
        }
    }
    fields.refuse_others();
    return made;
}

} // namespace bctrl::emulator
