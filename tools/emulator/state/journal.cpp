#include "emulator/state/journal.hpp"

#include "emulator/script/json_fields.hpp"
#include "emulator/state/record.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <stdexcept>
#include <utility>

namespace bctrl::emulator {
namespace {

namespace json = boost::json;
using std::chrono::nanoseconds;
using std::chrono::system_clock;

std::int64_t count_of(system_clock::time_point when) {
    return std::chrono::duration_cast<nanoseconds>(when.time_since_epoch()).count();
}

json::array changes_in(std::string_view line) {
    json::parse_options options;
    // Programs choose ids freely, and what they chose has been accepted before it was written.
    options.allow_invalid_utf8 = true;
    json::error_code failure;
    auto value = json::parse(line, failure, {}, options);
    if (failure || !value.is_array()) throw std::runtime_error{"is no JSON array of changes"};
    return std::move(value.get_array());
}

/// Brings a store to where the changes left it. It must not report meanwhile.
class replay {
public:
    replay(store& things, calendar const& dates) : things_{things}, dates_{dates} {}

    bool has_shared_ids() const { return has_shared_ids_; }

    /// @throws std::runtime_error
    void play(std::string_view line) {
        std::size_t index = 0;
        for (auto const& change : changes_in(line))
            play(change, "[" + std::to_string(index++) + "]");
    }

private:
    void play(json::value const& change, std::string const& path) {
        json_fields record{change, path};
        auto const what = text_in(record, "change");
        if (what == "share") {
            things_.share(shared_ids_in(record));
            has_shared_ids_ = true;
        } else if (what == "create") {
            create(record);
        } else if (what == "createRun") {
            create_run(record);
        } else if (what == "cancel") {
            cancel(record);
        } else {
            throw script_fault{record.at("change"), "is not known"};
        }
        record.refuse_others();
    }

    void create(json_fields& record) {
        auto const kind = kind_in(record);
        auto about = description_in(record, kind);
        if (auto const* script = record.find("life"))
            last_script_ = std::make_shared<life const>(life_in(*script, record.at("life")));
        if (!last_script_) throw script_fault{record.at("life"), "is missing"};
        about.script = last_script_;
        auto const* made = things_.create(kind, std::move(about), moment_in(record));
        if (made == nullptr) throw script_fault{record.at("id"), "is taken"};
    }

    void create_run(json_fields& record) {
        auto const* made = things_.create_run(text_in(record, "id"), pages_in(record));
        if (made == nullptr) throw script_fault{record.at("id"), "is taken"};
    }

    void cancel(json_fields& record) {
        auto const* target = things_.find(kind_in(record), text_in(record, "id"));
        if (target == nullptr) throw script_fault{record.at("id"), "is not known"};
        things_.cancel(*target, moment_in(record));
    }

    resource_kind kind_in(json_fields& record) const {
        auto const name = text_in(record, "kind");
        for (auto const kind : {resource_kind::operation, resource_kind::invocation}) {
            if (name == name_of(kind)) return kind;
        }
        throw script_fault{record.at("kind"), "is not known"};
    }

    time_point moment_in(json_fields& record) const {
        // Far enough from what the clocks can count.
        constexpr nanoseconds latest =
            std::chrono::sys_days{std::chrono::January / 1 / 2100}.time_since_epoch();
        auto const count = record.count("at", 0, latest.count());
        if (!count) throw script_fault{record.at("at"), "is missing"};
        auto const since_epoch =
            std::chrono::duration_cast<system_clock::duration>(nanoseconds{*count});
        return dates_.steady(system_clock::time_point{since_epoch});
    }

    store& things_;
    calendar const& dates_;
    bool has_shared_ids_ = false;
    std::shared_ptr<life const> last_script_{};
};

} // namespace

journal::journal(std::filesystem::path const& file, store& things, calendar const& dates)
    : file_{file}, things_{things}, dates_{dates} {
    replay played{things_, dates_};
    file_.read([&](std::string_view line) { played.play(line); });
    if (!played.has_shared_ids()) share();
    save();
    things_.report_to(this);
}

journal::~journal() {
    things_.report_to(nullptr);
}

void journal::save() {
    if (must_clear_) file_.clear();
    must_clear_ = false;
    if (unsaved_.empty()) return;
    file_.append(unsaved_ + "]");
    unsaved_ = std::string{}; // thousands of creations leave no memory behind
}

void journal::created(resource const& made) {
    auto change = record_of(made.about, made.kind);
    change["kind"] = name_of(made.kind);
    change["at"] = count_of(dates_.wall(made.created));
    if (made.about.script != last_script_) change["life"] = record_of(*made.about.script);
    last_script_ = made.about.script;
    add("create", std::move(change));
}

void journal::created(run const& made) {
    auto change = record_of(made.pages);
    change["id"] = made.id;
    add("createRun", std::move(change));
}

void journal::cancel_requested(resource const& target) {
    add("cancel", {{"kind", name_of(target.kind)},
                   {"id", target.about.id},
                   {"at", count_of(dates_.wall(*target.cancel_requested))}});
}

void journal::cleared() {
    must_clear_ = true;
    unsaved_.clear();
    last_script_.reset();
    share();
}

void journal::share() {
    add("share", record_of(things_.shared()));
}

void journal::add(std::string_view what, json::object change) {
    change["change"] = what;
    unsaved_ += unsaved_.empty() ? '[' : ',';
    unsaved_ += json::serialize(change);
}

} // namespace bctrl::emulator
