#pragma once

#include "base/stop.hpp"

#include <bctrl/ended_work.hpp>

#include <boost/intrusive/list.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace bctrl::detail {

/// What a work is called and what its owner noted, in one piece of memory.
/// @pre each of less than 4 GiB
class work_label {
public:
    work_label(std::string_view id, std::string_view note)
        : text_{std::make_unique_for_overwrite<char[]>(id.size() + note.size())},
          id_size_{static_cast<std::uint32_t>(id.size())},
          note_size_{static_cast<std::uint32_t>(note.size())} {
        auto* const behind = std::copy(id.begin(), id.end(), text_.get());
        std::copy(note.begin(), note.end(), behind);
    }

    std::string_view id() const noexcept { return {text_.get(), id_size_}; }
    std::string_view note() const noexcept { return {text_.get() + id_size_, note_size_}; }

private:
    std::unique_ptr<char[]> text_;
    std::uint32_t id_size_;
    std::uint32_t note_size_;
};

/// One work of a set of waits. A hundred thousand of them may queue, so it is small.
class set_member : public boost::intrusive::list_base_hook<
                       boost::intrusive::link_mode<boost::intrusive::normal_link>> {
public:
    enum class place : unsigned char {
        queued,  ///< not waited for yet
        waited,  ///< a wait is under way
        untaken, ///< it has ended, and nobody knows
        leaving, ///< removed; the wait for it is about to end
    };

    set_member(work_id const& work, std::string_view note)
        : label_{work.id, note}, kind_{work.kind} {}

    durable_kind kind() const noexcept { return kind_; }
    std::string_view id() const noexcept { return label_.id(); }
    std::string_view note() const noexcept { return label_.note(); }
    work_id work() const { return {kind_, std::string{id()}}; }

    /// The wait has begun: `wait` stops it, until `detach`.
    void attach(stop_signal& wait) noexcept {
        wait_ = &wait;
        if (where == place::leaving) wait.request(leaves_for_);
    }
    void detach() noexcept { wait_ = nullptr; }

    /// It is removed while it is waited for.
    void leave(stop_reason why) noexcept {
        where = place::leaving;
        leaves_for_ = why;
        if (wait_) wait_->request(why);
    }

    place where = place::queued;
    std::unique_ptr<ended_work> ending; ///< there when untaken

private:
    work_label label_;
    stop_signal* wait_ = nullptr;
    durable_kind kind_;
    stop_reason leaves_for_ = stop_reason::none;
};

/// Finds members by what they are called.
struct member_name {
    durable_kind kind;
    std::string_view id;

    friend bool operator==(member_name const&, member_name const&) = default;
};

struct hash_of_member {
    using is_transparent = void;
    std::size_t operator()(member_name const& name) const noexcept {
        return std::hash<std::string_view>{}(name.id) + static_cast<std::size_t>(name.kind);
    }
    std::size_t operator()(std::unique_ptr<set_member> const& member) const noexcept {
        return (*this)(member_name{member->kind(), member->id()});
    }
};

struct same_member {
    using is_transparent = void;
    static member_name name_of(member_name const& name) noexcept { return name; }
    static member_name name_of(std::unique_ptr<set_member> const& member) noexcept {
        return {member->kind(), member->id()};
    }
    template <class A, class B>
    bool operator()(A const& a, B const& b) const noexcept {
        return name_of(a) == name_of(b);
    }
};

} // namespace bctrl::detail
