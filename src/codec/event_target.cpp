#include "codec/event_target.hpp"

#include "codec/integer.hpp"
#include "codec/json_string.hpp"
#include "codec/readable_text.hpp"

#include <bit>
#include <utility>

namespace bctrl::codec {
namespace {

std::string_view name_of(shape kind) noexcept {
    switch (kind) {
        case shape::object:
            return "an object";
        case shape::array:
            return "an array";
        case shape::text:
            return "a string";
        case shape::integer:
            return "an integer";
        case shape::boolean:
            return "true or false";
        case shape::free_json:
            return "any JSON";
    }
    return {};
}

/// Servers keep to an order of their own, in which neighbours are mostly neighbours here as well:
/// the search begins with `first`, the one behind the member found last.
std::size_t find_member(std::span<member_descriptor const> members, std::string_view name,
                        std::size_t first) noexcept {
    if (first >= members.size()) first = 0; // no member yet, or one that has no name here
    for (std::size_t i = first; i < members.size(); ++i)
        if (members[i].name == name) return i;
    for (std::size_t i = 0; i < first; ++i)
        if (members[i].name == name) return i;
    return members.size();
}

/// Each takes some 70 bytes here, and 5 where it comes from.
constexpr std::size_t most_other_members = 65'536;

/// Of a member, in a path.
constexpr std::size_t longest_event_name = 100;

constexpr std::uint64_t bit(std::size_t position) noexcept {
    return std::uint64_t{1} << position;
}

/// The path goes into texts for people, the name is whatever was sent.
void append_member(std::string& path, std::string_view sent) {
    auto const name = readable_text(sent, longest_event_name);
    bool const plain = !name.empty() && name.find_first_of(".[]\"\\ ") == std::string_view::npos;
    if (plain) {
        path += '.';
        path += name;
        return;
    }
    path += '[';
    append_repaired_json_string(path, name);
    path += ']';
}

} // namespace

/// Makes room for the next value.
/// @pre The next value is no member without a name here.
inline void* event_target::next_place() {
    if (depth_ == 0) return root_;
    if (in_array()) return top().type->array->append(top().value);
    return current_member().engage(top().value);
}

bool event_target::key(std::string_view name) {
    if (free_target_) {
        free_.key(name);
        return true;
    }
    auto& object = top();
    auto const& access = *object.type->object;
    auto const found = find_member(access.members, name, object.position + 1);
    if (found == access.members.size()) {
        object.position = other_member;
        expected_ = nullptr;
        auto& others = access.others(object.value);
        if (others.size() == most_other_members)
            return fail_at_member({}, "has too many members that have no name here");
        others.emplace_back().name = name;
        return true;
    }
    object.position = found;
    expected_ = access.members[found].type;
    if (object.seen & bit(found)) return fail("appears twice");
    object.seen |= bit(found);
    return true;
}

/// Whether the value that begins is free JSON. If so `free_` takes its events until it is complete.
inline bool event_target::takes_free_json() {
    if (free_target_) return true;
    if (in_array()) ++top().position;
    return (!expected_ || expected_->kind == shape::free_json) && begin_free_json();
}

bool event_target::begin_free_json() {
    free_target_ = expected_ ? static_cast<json_text*>(next_place())
                             : &top().type->object->others(top().value).back().value;
    free_.clear();
    return true;
}

bool event_target::end_free_json_if_complete() {
    if (!free_.complete()) return true;
    json_text_access::assign(*free_target_, free_.text());
    free_target_ = nullptr;
    return true;
}

bool event_target::begin(shape found, std::string_view description) {
    if (expected_->kind != found) return mismatch(description);
    auto* const where = next_place();
    auto const is_array = found == shape::array;
    frames_[depth_++] = {expected_, where, 0, is_array ? 0 : no_member};
    if (is_array) expected_ = expected_->array->element;
    return true;
}

/// What began last has ended; in an array another one may follow.
void event_target::end() noexcept {
    expected_ = frames_[--depth_].type;
}

bool event_target::begin_object() {
    if (!takes_free_json()) return begin(shape::object, "an object");
    free_.begin('{');
    return true;
}

bool event_target::begin_array() {
    if (!takes_free_json()) return begin(shape::array, "an array");
    free_.begin('[');
    return true;
}

bool event_target::end_object() {
    if (free_target_) {
        free_.end('}');
        return end_free_json_if_complete();
    }
    if (!check_members(top())) return false;
    end();
    return true;
}

bool event_target::end_array() {
    if (free_target_) {
        free_.end(']');
        return end_free_json_if_complete();
    }
    end();
    return true;
}

bool event_target::check_members(frame const& closed) {
    auto const& access = *closed.type->object;
    if (auto const missing = access.required & ~closed.seen) {
        auto const first = static_cast<std::size_t>(std::countr_zero(missing));
        return fail_at_member(access.members[first].name, "is missing");
    }
    if (!access.check) return true;
    auto const flaw = access.check(closed.value);
    return flaw.message.empty() || fail_at_member(flaw.member, flaw.message);
}

bool event_target::string(std::string_view text) {
    if (takes_free_json()) {
        free_.string(text);
        return end_free_json_if_complete();
    }
    if (expected_->kind != shape::text) return mismatch("a string");
    expected_->text->assign(next_place(), text);
    return true;
}

bool event_target::number(std::string_view text) {
    if (takes_free_json()) {
        free_.literal(text);
        return end_free_json_if_complete();
    }
    if (expected_->kind != shape::integer) return mismatch("a number");
    auto const value = exact_integer(text);
    if (!value) return mismatch("a number with a fraction or beyond 64 bits");
    *static_cast<std::int64_t*>(next_place()) = *value;
    return true;
}

bool event_target::boolean(bool value) {
    std::string_view const text = value ? "true" : "false";
    if (takes_free_json()) {
        free_.literal(text);
        return end_free_json_if_complete();
    }
    if (expected_->kind != shape::boolean) return mismatch(text);
    *static_cast<bool*>(next_place()) = value;
    return true;
}

null_rule event_target::rule_for_null() const noexcept {
    if (free_target_ || at_other_member()) return null_rule::as_value;
    bool const is_member = depth_ > 0 && !in_array();
    if (is_member) return current_member().on_null;
    return expected_->kind == shape::free_json ? null_rule::as_value : null_rule::refused;
}

bool event_target::null() {
    switch (rule_for_null()) {
        case null_rule::as_absent:
            return true;
        case null_rule::as_null:
            current_member().make_null(top().value);
            return true;
        case null_rule::as_value:
            takes_free_json();
            free_.literal("null");
            return end_free_json_if_complete();
        case null_rule::refused:
            if (in_array()) ++top().position;
            return mismatch("null");
    }
    return true;
}

std::string event_target::path() const {
    std::string text = "$";
    for (std::size_t i = 0; i < depth_; ++i) {
        auto const& level = frames_[i];
        if (level.type->kind == shape::array) {
            if (level.position > 0) text += '[' + std::to_string(level.position - 1) + ']';
        } else if (level.position == other_member) {
            append_member(text, level.type->object->others_of(level.value).back().name);
        } else if (level.position != no_member) {
            append_member(text, level.type->object->members[level.position].name);
        }
    }
    return text;
}

bool event_target::mismatch(std::string_view found) {
    std::string message = "expected ";
    message += name_of(expected_->kind);
    message += ", found ";
    message += found;
    return fail(std::move(message));
}

bool event_target::fail(std::string message) {
    failure_ = decode_error{errc::unexpected_document, path(), std::move(message)};
    return false;
}

bool event_target::fail_at_member(std::string_view name, std::string_view message) {
    top().position = no_member;
    std::string where = path();
    if (!name.empty()) append_member(where, name);
    failure_ = decode_error{errc::unexpected_document, std::move(where), std::string{message}};
    return false;
}

} // namespace bctrl::codec
