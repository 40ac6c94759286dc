#include "emulator/net/connection.hpp"

#include "emulator/net/response_text.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sstream>
#include <utility>

namespace bctrl::emulator {
namespace {

using tcp = asio::ip::tcp;

// Larger than the largest header, which the parser wants in one piece.
constexpr std::size_t inbox_limit = 128 * 1024;
constexpr std::size_t discard_limit = 1024 * 1024;
constexpr std::chrono::milliseconds parting_time{2000};

std::string address_of(tcp::socket const& socket) {
    boost::system::error_code unknown;
    auto const endpoint = socket.remote_endpoint(unknown);
    if (unknown) return "(gone)";
    std::ostringstream text;
    text << endpoint;
    return text.str();
}

} // namespace

connection::connection(server_core& core, tcp::socket socket, std::unique_ptr<channel> bytes)
    : core_{core},
      socket_{std::move(socket)},
      channel_{std::move(bytes)},
      peer_{core.logs() ? address_of(socket_) : std::string{}},
      changed_{socket_.get_executor()},
      room_{socket_.get_executor()} {}

void connection::start(std::shared_ptr<connection> self) {
    auto const executor = self->socket_.get_executor();
    asio::co_spawn(executor, serve(std::move(self)), asio::detached);
}

void connection::close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
    has_peer_left_ = true;
    changed_.set();
    room_.set();
}

void connection::close_rested() {
    rest_.reset(); // the queue has let go of it already
    close();
}

void connection::rest(std::chrono::milliseconds at_most) {
    stir();
    rest_ = core_.close_at(server_core::now() + at_most, *this);
}

void connection::stir() {
    if (rest_) core_.take_back(*std::exchange(rest_, std::nullopt));
}

asio::awaitable<void> connection::serve(std::shared_ptr<connection> self) {
    struct presence {
        explicit presence(connection& here) : c{here} { c.core_.enter(c); }
        ~presence() {
            c.stir();
            c.close();
            c.core_.leave(c);
        }
        connection& c;
    } const present{*self};

    self->rest(self->core_.all.options.idle_timeout);
    auto const ready = co_await self->shake_hands();
    if (!ready) co_return;
    asio::co_spawn(self->socket_.get_executor(), receive(self), asio::detached);
    co_await self->answer_all();
}

asio::awaitable<bool> connection::can_go_on(io_step step) {
    if (step.state == progress_state::done) co_return true;
    if (step.state == progress_state::closed || !socket_.is_open()) co_return false;
    auto const direction =
        step.state == progress_state::needs_read ? tcp::socket::wait_read : tcp::socket::wait_write;
    boost::system::error_code failed;
    co_await socket_.async_wait(direction, asio::redirect_error(asio::use_awaitable, failed));
    co_return !failed;
}

asio::awaitable<bool> connection::shake_hands() {
    while (true) {
        auto const step = channel_->shake_hands();
        if (step.state == progress_state::done) co_return true;
        auto const goes_on = co_await can_go_on(step);
        if (goes_on) continue;
        auto const fault = channel_->fault();
        if (core_.logs() && !fault.empty()) core_.log(peer_ + " TLS handshake failed: " + fault);
        co_return false;
    }
}

asio::awaitable<void> connection::receive(std::shared_ptr<connection> self) {
    auto& c = *self;
    while (c.socket_.is_open() && c.discarded_ < discard_limit) {
        if (c.inbox_.size() >= inbox_limit) {
            co_await c.room_.wait();
            continue;
        }
        auto const scratch = c.core_.scratch();
        auto const step = c.channel_->read(scratch);
        if (step.state == progress_state::done) {
            c.keep(scratch.first(step.bytes));
            continue;
        }
        auto const goes_on = co_await c.can_go_on(step);
        if (!goes_on) break;
    }
    c.has_peer_left_ = true;
    c.changed_.set();
}

void connection::keep(std::span<char const> received) {
    if (is_parting_) {
        discarded_ += received.size();
        return;
    }
    inbox_.append(received.data(), received.size());
    changed_.set();
}

asio::awaitable<void> connection::answer_all() {
    while (true) {
        auto next = co_await read_request();
        if (std::holds_alternative<left>(next)) co_return;
        if (auto const* fault = std::get_if<failure>(&next)) {
            auto const refused = core_.api.refuse(*fault);
            co_await send(to_text(refused, false, false));
            break;
        }
        auto const& wanted = std::get<incoming>(next);
        auto const answered = co_await answer(wanted.asked);
        if (!answered) co_return;
        auto const sent = co_await send(to_text(*answered, wanted.is_head, wanted.keep_alive));
        if (!sent) co_return;
        if (!wanted.keep_alive) break;
    }
    co_await part();
}

asio::awaitable<connection::next_request> connection::read_request() {
    rest(core_.all.options.idle_timeout);
    request_parser parser;
    while (true) {
        auto const state = parser.feed(inbox_);
        room_.set();
        if (inbox_.empty()) inbox_ = std::string{}; // an idle connection holds no buffer
        if (state == request_parser::state::complete) co_return parser.take();
        if (state == request_parser::state::failed) co_return parser.fault();
        if (has_peer_left_) co_return left{};
        if (parser.take_expectation()) {
            auto const sent = co_await send("HTTP/1.1 100 Continue\r\n\r\n");
            if (!sent) co_return left{};
            continue;
        }
        co_await changed_.wait();
    }
}

asio::awaitable<std::optional<response>> connection::answer(request const& asked) {
    stir();
    auto const began = server_core::now();
    auto made = core_.api.handle(asked, began);
    core_.schedule();
    if (auto const* wait = std::get_if<parking>(&made)) {
        auto const end = co_await park(*wait);
        if (!end) co_return std::nullopt;
        auto finished = core_.api.finish(*wait, *end, server_core::now());
        log_request(asked, finished, began);
        co_return finished;
    }
    log_request(asked, std::get<response>(made), began);
    co_return std::get<response>(std::move(made));
}

asio::awaitable<std::optional<wait_end>> connection::park(parking const& wait) {
    std::optional<wait_end> end;
    auto& waits = core_.all.parked;
    auto const ticket = waits.add(wait.target, wait.until, [&](wait_end why) {
        end = why;
        changed_.set();
    });
    core_.schedule();
    while (!end && !has_peer_left_)
        co_await changed_.wait();
    if (!end) waits.abandon(ticket);
    co_return end;
}

asio::awaitable<bool> connection::send(std::string text) {
    rest(core_.all.options.idle_timeout);
    std::string_view unsent = text;
    while (!unsent.empty()) {
        auto const step = channel_->write(unsent);
        unsent.remove_prefix(step.bytes);
        auto const goes_on = co_await can_go_on(step);
        if (!goes_on) co_return false;
    }
    co_return true;
}

/// Lets the client read the last answer: closing while it still sends would reset the connection.
asio::awaitable<void> connection::part() {
    is_parting_ = true;
    inbox_.clear();
    room_.set();
    rest(parting_time);
    channel_->say_goodbye();
    boost::system::error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    while (!has_peer_left_)
        co_await changed_.wait();
}

void connection::log_request(request const& asked, response const& answered,
                             time_point began) const {
    if (!core_.logs()) return;
    auto const taken =
        std::chrono::duration_cast<std::chrono::milliseconds>(server_core::now() - began);
    core_.log(peer_ + ' ' + asked.method + ' ' + asked.target + ' ' +
              std::to_string(answered.status) + ' ' + std::to_string(taken.count()) + "ms " +
              answered.request_id);
}

} // namespace bctrl::emulator
