#pragma once

#include "transport/net/name_source.hpp"

#include <deque>
#include <initializer_list>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bctrl::testing {

/// Names whose addresses a test gives: at once, or when it likes.
class scripted_names final : public net::name_source {
public:
    using addresses = std::vector<boost::asio::ip::address>;

    static addresses list(std::initializer_list<char const*> texts) {
        addresses made;
        for (auto const* each : texts)
            made.push_back(boost::asio::ip::make_address(each));
        return made;
    }

    /// Answers every look-up from now on at once.
    void always(std::initializer_list<char const*> texts) {
        always_.emplace(error_code{}, list(texts));
    }
    void always_fail(error_code ec) { always_.emplace(ec, addresses{}); }
    /// There is no memory for the next one.
    void run_out_of_memory() noexcept { out_of_memory_ = true; }
    /// Leaves them waiting again.
    void hold() { always_.reset(); }

    /// Answers the look-up that has waited for longest.
    void answer(std::initializer_list<char const*> texts) { tell({}, list(texts)); }
    void fail(error_code ec) { tell(ec, {}); }

    std::vector<std::string> const& asked() const noexcept { return asked_; }
    std::size_t waiting() const noexcept { return waiting_.size(); }

    void look_up(std::string const& host, net::name_source::answer told) override {
        asked_.push_back(host);
        if (std::exchange(out_of_memory_, false)) throw std::bad_alloc{};
        if (always_)
            told(always_->first, always_->second);
        else
            waiting_.push_back(std::move(told));
    }

private:
    void tell(error_code ec, addresses const& found) {
        auto const told = std::move(waiting_.front());
        waiting_.pop_front();
        told(ec, found);
    }

    std::optional<std::pair<error_code, addresses>> always_;
    std::deque<net::name_source::answer> waiting_;
    std::vector<std::string> asked_;
    bool out_of_memory_ = false;
};

} // namespace bctrl::testing
