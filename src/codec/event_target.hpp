#pragma once

#include "codec/codec.hpp"
#include "codec/descriptor.hpp"
#include "codec/document_reader.hpp"
#include "codec/free_json.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bctrl::codec {

/// Puts the events of a JSON parser into an object, as its descriptor says. Independent of the
/// parser: one function per event, each returning false once `failure()` is set.
class event_target {
public:
    event_target(type_descriptor const& type, void* object) noexcept
        : root_{object}, expected_{&type} {}

    bool begin_object();
    bool end_object();
    bool begin_array();
    bool end_array();
    bool key(std::string_view name);
    bool string(std::string_view text);
    bool number(std::string_view text);
    bool boolean(bool value);
    bool null();

    std::optional<decode_error> const& failure() const noexcept { return failure_; }

    /// Where in the document the last event was.
    std::string path() const;

private:
    /// An object or array that has begun and not ended.
    struct frame {
        type_descriptor const* type;
        void* value;
        std::uint64_t seen; ///< objects: one bit for each known member, in their order
        std::size_t
            position; ///< objects: the member now read; arrays: how many elements have begun
    };
    static constexpr std::size_t no_member = static_cast<std::size_t>(-1);
    static constexpr std::size_t other_member = static_cast<std::size_t>(-2);

    frame& top() noexcept { return frames_[depth_ - 1]; }
    frame const& top() const noexcept { return frames_[depth_ - 1]; }
    bool in_array() const noexcept { return depth_ > 0 && top().type->kind == shape::array; }
    bool at_other_member() const noexcept {
        return depth_ > 0 && top().type->kind == shape::object && top().position == other_member;
    }
    member_descriptor const& current_member() const noexcept {
        return top().type->object->members[top().position];
    }
    void* next_place();
    null_rule rule_for_null() const noexcept;

    bool takes_free_json();
    bool begin_free_json();
    bool end_free_json_if_complete();

    bool begin(shape found, std::string_view description);
    void end() noexcept;
    bool check_members(frame const& closed);

    bool mismatch(std::string_view found);
    bool fail(std::string message);
    bool fail_at_member(std::string_view name, std::string_view message);

    void* root_;
    /// The type of the next value; null for a member without a name here.
    type_descriptor const* expected_;
    std::array<frame, most_frames> frames_;
    std::size_t depth_ = 0;
    free_json_writer free_;
    json_text* free_target_ = nullptr; ///< set while free JSON is read
    std::optional<decode_error> failure_;
};

} // namespace bctrl::codec
