#pragma once

namespace bctrl::emulator {

struct resource;
struct run;

/// Is told of every change that makes a store what it is. The passing of time is none: what it ends
/// follows from the rest.
class change_log {
public:
    virtual void created(resource const& made) = 0;
    virtual void created(run const& made) = 0;
    virtual void cancel_requested(resource const& target) = 0;
    virtual void cleared() = 0;

protected:
    ~change_log() = default;
};

} // namespace bctrl::emulator
