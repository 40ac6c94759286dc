#pragma once

#include <bctrl/client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace bctrl::test {

/// Gets of operations, one after the other in turn, so many at a time. Every failure fails the test.
class many_gets {
public:
    static constexpr int in_flight = 16;

    many_gets(boost::asio::io_context& context, client const& from, std::vector<std::string> ids,
              int times, int at_a_time = in_flight)
        : from_{from}, ids_{std::move(ids)}, left_{times}, running_{at_a_time} {
        for (int n = 0; n < at_a_time; ++n)
            boost::asio::co_spawn(context, get_in_turn(),
                                  [this](std::exception_ptr const&) { --running_; });
    }
    many_gets(many_gets const&) = delete;
    many_gets& operator=(many_gets const&) = delete;

    bool ended() const noexcept { return running_ == 0; }
    int right() const noexcept { return right_; }

private:
    boost::asio::awaitable<void> get_in_turn() {
        while (left_ > 0) {
            auto const id = ids_[static_cast<std::size_t>(--left_) % ids_.size()];
            try {
                auto const seen = co_await from_.operations().get(id);
                right_ += seen.id == id ? 1 : 0;
            } catch (request_error const& fault) {
                ADD_FAILURE() << fault.what();
            }
        }
    }

    client const& from_;
    std::vector<std::string> const ids_;
    int left_;
    int running_;
    int right_ = 0;
};

} // namespace bctrl::test
