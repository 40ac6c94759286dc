#pragma once

#include <system_error>

#include <sys/resource.h>

namespace bctrl::test {

/// Lets this process open no further descriptor while this lives.
class no_more_descriptors {
public:
    no_more_descriptors() {
        if (::getrlimit(RLIMIT_NOFILE, &before_) != 0) fail();
        auto none = before_;
        none.rlim_cur = 0;
        if (::setrlimit(RLIMIT_NOFILE, &none) != 0) fail();
    }
    no_more_descriptors(no_more_descriptors const&) = delete;
    no_more_descriptors& operator=(no_more_descriptors const&) = delete;
    ~no_more_descriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

private:
    [[noreturn]] static void fail() {
        throw std::system_error{errno, std::generic_category(), "the limit of descriptors"};
    }

    rlimit before_{};
};

} // namespace bctrl::test
