#include "transport/pool/descriptor_reserve.hpp"

#include <cerrno>

#include <sys/eventfd.h>
#include <unistd.h>

namespace bctrl::pool {

namespace {

int take_one() noexcept {
    return ::eventfd(0, EFD_CLOEXEC);
}

} // namespace

bool descriptor_reserve::refill() noexcept {
    while (count_ < held_.size()) {
        auto const taken = take_one();
        if (taken < 0) return false;
        held_[count_++] = taken;
    }
    return true;
}

bool descriptor_reserve::release() noexcept {
    if (count_ == 0) return false;
    while (count_ > 0)
        ::close(held_[--count_]);
    return true;
}

bool descriptor_reserve::none_left() noexcept {
    auto const taken = take_one();
    if (taken < 0) return errno == EMFILE || errno == ENFILE;
    ::close(taken);
    return false;
}

} // namespace bctrl::pool
