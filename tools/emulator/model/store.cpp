#include "emulator/model/store.hpp"

namespace bctrl::emulator {

std::string_view name_of(resource_kind k) {
    return k == resource_kind::operation ? "operation" : "invocation";
}

status status_at(resource const& r, time_point now) {
    if (r.ended) return *r.ended;
    if (r.cancel_requested) return status::cancelling;
    return stage_at(*r.about.script, now - r.created).now;
}

store::store(identifiers& ids)
    : ids_{ids}, shared_{.workspace = ids.uuid(), .space = ids.uuid(), .runtime = ids.uuid()} {}

void store::fill_in(resource_description& about, resource_kind kind) {
    auto const& owner = kind == resource_kind::operation ? shared_.workspace : shared_.space;
    if (about.id.empty()) about.id = ids_.uuid();
    if (about.owner_id.empty()) about.owner_id = owner;
    if (about.runtime_id.empty()) about.runtime_id = shared_.runtime;
    if (kind == resource_kind::invocation && about.run_id.empty()) about.run_id = ids_.uuid();
}

run& store::run_of(std::string const& id) {
    auto& place = runs_[id];
    if (!place) place = std::make_unique<run>(run{.id = id});
    return *place;
}

resource const* store::create(resource_kind kind, resource_description about, time_point now) {
    fill_in(about, kind);
    auto [place, is_new] = resources_[static_cast<std::size_t>(kind)].try_emplace(about.id);
    if (!is_new) return nullptr;

    auto const plan = course_of(*about.script);
    place->second = std::make_unique<entry>(
        entry{.what = {.kind = kind, .about = std::move(about), .created = now, .plan = plan}});
    entry& made = *place->second;
    made.end = ends_.add(now + plan.ends, &made);
    if (kind == resource_kind::invocation) {
        auto& commands = run_of(made.what.about.run_id).commands;
        commands.push_back(&made.what);
        made.what.sequence_no = static_cast<std::int64_t>(commands.size());
    }
    if (log_ != nullptr) log_->created(made.what);
    return &made.what;
}

run const* store::create_run(std::string id, page_script pages) {
    if (id.empty()) id = ids_.uuid();
    if (runs_.contains(id)) return nullptr;
    auto& made = run_of(id);
    made.pages = std::move(pages);
    if (log_ != nullptr) log_->created(made);
    return &made;
}

resource const* store::find(resource_kind kind, std::string_view id) const {
    auto const& all = resources_[static_cast<std::size_t>(kind)];
    auto const place = all.find(id);
    return place == all.end() ? nullptr : &place->second->what;
}

run const* store::find_run(std::string_view id) const {
    auto const place = runs_.find(id);
    return place == runs_.end() ? nullptr : place->second.get();
}

cancel_effect store::cancel(resource const& target, time_point now) {
    if (target.ended) return cancel_effect::finished_before;
    if (target.cancel_requested) return cancel_effect::requested_before;
    auto& found = *resources_[static_cast<std::size_t>(target.kind)].find(target.about.id)->second;
    found.what.cancel_requested = now;
    ends_.remove(found.end);
    found.end = ends_.add(now + target.about.script->cancelling, &found);
    if (log_ != nullptr) log_->cancel_requested(found.what);
    return cancel_effect::requested;
}

void store::end_now(resource const& target, time_point now) {
    if (target.ended) return;
    auto& found = *resources_[static_cast<std::size_t>(target.kind)].find(target.about.id)->second;
    ends_.remove(found.end);
    found.end = ends_.add(now, &found);
}

std::vector<resource const*> store::advance(time_point now) {
    std::vector<resource const*> ended;
    while (auto const when = ends_.next()) {
        auto const due = ends_.take_due(now);
        if (!due) break;
        auto& what = (*due)->what;
        what.ended = what.cancel_requested ? status::cancelled : what.plan.end;
        what.finished = *when;
        what.noticed = now;
        ended.push_back(&what);
    }
    return ended;
}

void store::clear() {
    ends_.clear();
    runs_.clear();
    for (auto& all : resources_)
        all.clear();
    if (log_ != nullptr) log_->cleared();
}

} // namespace bctrl::emulator
