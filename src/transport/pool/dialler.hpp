#pragma once

#include "base/failure.hpp"
#include "base/outcome.hpp"
#include "base/stop.hpp"
#include "base/task.hpp"
#include "transport/net/dial_progress.hpp"
#include "transport/pool/connection.hpp"

#include <memory>
#include <string_view>

namespace bctrl::pool {

/// Opens the connections of a lane. Tests install one that plays a script.
class dialler {
public:
    /// @returns a connection ready for requests, or why there is none, or what the stop asks for
    /// @param told is kept up to date with how far it is
    virtual task<outcome<std::unique_ptr<connection>, failure>> dial(stop_signal& stop,
                                                                     net::dial_progress& told) = 0;

    /// No connection that it has opened is left, and none is being opened.
    virtual void all_gone() noexcept {}

    /// Whom it dials, for error texts.
    virtual std::string_view host() const noexcept = 0;

protected:
    ~dialler() = default;
};

} // namespace bctrl::pool
