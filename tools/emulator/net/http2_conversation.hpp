#pragma once

#include "emulator/http2/engine.hpp"
#include "emulator/net/conversation.hpp"
#include "emulator/net/event.hpp"
#include "emulator/service/message.hpp"
#include "emulator/service/parked_waits.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace bctrl::emulator {

class connection;

/// HTTP/2. Two coroutines keep it alive, however many streams there are: one reads and has requests
/// answered or parked, the other answers the parked ones that are over and writes, once per turn
/// of the loop, whatever there is to write.
class http2_conversation final : public conversation {
public:
    explicit http2_conversation(connection& on);
    ~http2_conversation() override;

    asio::awaitable<void> serve(std::string first) override;
    void hear_of_close() override;
    void rest_is_over() override;
    unsigned version() const override { return 2; }
    std::size_t parked() const override { return parked_.size(); }

    std::size_t reset_waits(http2_error code, std::size_t at_most) override;
    bool go_away(emulator::go_away const& how) override;
    bool announce_max_streams(std::uint32_t count) override;

private:
    struct parked_wait {
        parking what;
        parked_waits::ticket ticket;
        time_point began;
        std::string title;
    };
    struct ended_wait {
        http2::stream_id stream;
        wait_end why;
    };

    static asio::awaitable<void> write_all(std::shared_ptr<connection> alive,
                                           http2_conversation* self);

    void take(std::span<char const> received);
    void handle_events();
    void handle(http2::asked&& taken);
    void handle(http2::oversized const& refused);
    void handle(http2::closed const& gone);
    void park(http2::stream_id stream, parking&& wait, time_point began, std::string title);
    void answer_ended_waits();
    void answer_to(http2::stream_id stream, response made, bool is_head);
    void abandon_all();

    asio::awaitable<bool> flush();
    void settle_rest();
    bool is_over() const;
    void part();

    connection& on_;
    http2::engine engine_;
    std::map<http2::stream_id, parked_wait> parked_{};
    std::vector<ended_wait> ended_{}; ///< parked waits that are to be answered now
    std::string unsent_{};
    event wanted_; ///< for the writing coroutine: there is something to do
    bool is_blocked_ = false;
    bool is_closing_ = false; ///< closes when all is written
    bool stays_ = false;      ///< goes on though GOAWAY was sent and nothing is left to answer
    bool is_parting_ = false;
};

} // namespace bctrl::emulator
