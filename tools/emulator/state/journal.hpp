#pragma once

#include "emulator/model/calendar.hpp"
#include "emulator/model/change_log.hpp"
#include "emulator/model/store.hpp"
#include "emulator/state/state_file.hpp"

#include <boost/json/object.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace bctrl::emulator {

/// Keeps what a store holds in a file. What `save` has written is all there after a restart, and its
/// time has gone on by the wall clock.
///
/// Each line is an array of changes, all those of one request, so that a request is kept as a whole
/// or not at all.
class journal final : public change_log {
public:
    /// Puts what the file holds into the store, and listens to the store from then on.
    /// @pre `things` is empty
    /// @throws std::runtime_error if the file cannot be used; it names file and line and leaves the
    /// file as it is
    journal(std::filesystem::path const& file, store& things, calendar const& dates);
    journal(journal const&) = delete;
    journal& operator=(journal const&) = delete;
    ~journal();

    /// Writes the changes since the last time.
    /// @throws std::system_error if it cannot; they are left for the next time
    void save();

    /// What the owner of the file should know; empty: nothing.
    std::string const& notice() const noexcept { return file_.notice(); }

    void created(resource const& made) override;
    void created(run const& made) override;
    void cancel_requested(resource const& target) override;
    void cleared() override;

private:
    void share();
    void add(std::string_view what, boost::json::object change);

    state_file file_;
    store& things_;
    calendar const& dates_;
    std::string unsaved_{};
    bool must_clear_ = false;

    /// The script in the last creation written: the next one does not repeat it if it is the same.
    std::shared_ptr<life const> last_script_{};
};

} // namespace bctrl::emulator
