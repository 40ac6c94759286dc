#include "emulator/net/connection.hpp"

#include "emulator/http2/engine.hpp"
#include "emulator/net/http1_conversation.hpp"
#include "emulator/net/http2_conversation.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sstream>
#include <utility>
#include <variant>

namespace bctrl::emulator {
namespace {

using tcp = asio::ip::tcp;

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

/// Where those wait who would read or write a stalled connection.
struct connection::stall_gate {
    explicit stall_gate(asio::any_io_executor const& executor)
        : reader{executor}, writer{executor} {}

    void open() {
        reader.set();
        writer.set();
    }

    event reader;
    event writer;
};

connection::connection(server_core& core, tcp::socket socket, std::unique_ptr<channel> bytes)
    : core_{core},
      socket_{std::move(socket)},
      channel_{std::move(bytes)},
      peer_{core.logs() ? address_of(socket_) : std::string{}} {}

void connection::start(std::shared_ptr<connection> self) {
    auto const executor = self->executor();
    asio::co_spawn(executor, serve(std::move(self)), asio::detached);
}

void connection::close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
    resume();
    if (talk_) talk_->hear_of_close();
}

void connection::stall() {
    if (!stalled_) stalled_ = std::make_shared<stall_gate>(executor());
}

void connection::resume() {
    if (auto const gate = std::exchange(stalled_, nullptr)) gate->open();
}

std::size_t connection::suffer(connection_fault const& fault, std::size_t before) {
    struct doer {
        connection& c;
        std::size_t before;

        std::size_t operator()(emulator::stall const&) const {
            c.stall();
            return 1;
        }
        std::size_t operator()(emulator::resume const&) const {
            c.resume();
            return 1;
        }
        std::size_t operator()(reset_waits const& how) const {
            return c.talk_ ? c.talk_->reset_waits(how.code, how.at_most - before) : 0;
        }
        std::size_t operator()(go_away const& how) const {
            return c.talk_ && c.talk_->go_away(how) ? 1 : 0;
        }
        std::size_t operator()(limit_streams const& how) const {
            return c.talk_ && c.talk_->announce_max_streams(how.at_most) ? 1 : 0;
        }
    };
    return std::visit(doer{*this, before}, fault);
}

connection_info connection::info() const {
    connection_info known{.number = number_, .is_stalled = stalled_ != nullptr};
    if (!talk_) return known;
    known.http_version = talk_->version();
    known.parked = talk_->parked();
    return known;
}

void connection::rest_is_over() {
    rest_.reset(); // the queue has let go of it already
    if (stalled_) return rest(core_.all.options.idle_timeout);
    if (talk_) return talk_->rest_is_over();
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
        explicit presence(connection& here) : c{here} { c.number_ = c.core_.enter(c); }
        ~presence() {
            c.stir();
            c.close();
            c.core_.leave(c.number_);
        }
        connection& c;
    } const present{*self};

    self->rest(self->core_.all.options.idle_timeout);
    auto const ready = co_await self->shake_hands();
    if (!ready) co_return;
    auto beginning = co_await self->read_beginning();
    if (!beginning) co_return;
    self->talk_ = self->make_conversation(*beginning);
    co_await self->talk_->serve(std::move(*beginning));
}

// The number of a closed socket may be that of another by now: it is never given to the channel again.

io_step connection::read(std::span<char> into) {
    if (!socket_.is_open()) return {progress_state::closed};
    return stalled_ ? io_step{progress_state::needs_read} : channel_->read(into);
}

io_step connection::write(std::string_view from) {
    if (!socket_.is_open()) return {progress_state::closed};
    return stalled_ ? io_step{progress_state::needs_write} : channel_->write(from);
}

asio::awaitable<bool> connection::can_go_on(io_step step) {
    if (step.state == progress_state::done) co_return true;
    if (step.state == progress_state::closed || !socket_.is_open()) co_return false;
    auto const is_reading = step.state == progress_state::needs_read;
    if (auto const gate = stalled_) {
        auto& passage = is_reading ? gate->reader : gate->writer;
        co_await passage.wait();
        co_return socket_.is_open();
    }
    boost::system::error_code failed;
    co_await socket_.async_wait(is_reading ? tcp::socket::wait_read : tcp::socket::wait_write,
                                asio::redirect_error(asio::use_awaitable, failed));
    co_return !failed && socket_.is_open();
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

/// Reads as far as it takes to know the version of HTTP; nothing if the client leaves before.
asio::awaitable<std::optional<std::string>> connection::read_beginning() {
    std::string beginning;
    while (is_version_open(beginning)) {
        auto const scratch = core_.scratch();
        auto const step = read(scratch);
        if (step.state == progress_state::done) {
            beginning.append(scratch.data(), step.bytes);
            continue;
        }
        auto const goes_on = co_await can_go_on(step);
        if (!goes_on) co_return std::nullopt;
    }
    co_return beginning;
}

/// Over TLS the handshake has settled it; RFC 9113, section 3.3, lets nobody do without ALPN.
bool connection::is_version_open(std::string_view beginning) const {
    auto const& options = core_.all.options;
    return !options.tls && options.http == http_versions::both &&
           beginning.size() < http2::preface.size() && http2::preface.starts_with(beginning);
}

std::unique_ptr<conversation> connection::make_conversation(std::string_view beginning) {
    auto const& options = core_.all.options;
    auto const is_http2 =
        options.http == http_versions::only_2 || channel_->protocol() == "h2" ||
        (options.http == http_versions::both && beginning.starts_with(http2::preface));
    if (is_http2) return std::make_unique<http2_conversation>(*this);
    return std::make_unique<http1_conversation>(*this);
}

void connection::shut_down() {
    if (!socket_.is_open()) return;
    rest(parting_time);
    channel_->say_goodbye();
    boost::system::error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

bool connection::may_discard(std::size_t received) {
    discarded_ += received;
    return discarded_ < discard_limit;
}

std::string connection::title_of(request const& asked) const {
    return core_.logs() ? asked.method + ' ' + asked.target : std::string{};
}

void connection::log_answer(std::string const& title, response const& answered,
                            time_point began) const {
    if (!core_.logs()) return;
    auto const taken =
        std::chrono::duration_cast<std::chrono::milliseconds>(server_core::now() - began);
    core_.log(peer_ + ' ' + title + ' ' + std::to_string(answered.status) + ' ' +
              std::to_string(taken.count()) + "ms " + answered.request_id);
}

} // namespace bctrl::emulator
