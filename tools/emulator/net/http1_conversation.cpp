#include "emulator/net/http1_conversation.hpp"

#include "emulator/net/connection.hpp"
#include "emulator/net/response_text.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <utility>

namespace bctrl::emulator {
namespace {

// Larger than the largest header, which the parser wants in one piece.
constexpr std::size_t inbox_limit = 128 * 1024;

} // namespace

http1_conversation::http1_conversation(connection& on)
    : on_{on}, changed_{on.executor()}, room_{on.executor()} {}

void http1_conversation::hear_of_close() {
    has_peer_left_ = true;
    changed_.set();
    room_.set();
}

void http1_conversation::rest_is_over() {
    on_.close();
}

asio::awaitable<void> http1_conversation::serve(std::string first) {
    inbox_ = std::move(first);
    asio::co_spawn(on_.executor(), receive(on_.shared_from_this(), this), asio::detached);
    auto& core = on_.core();
    while (true) {
        auto next = co_await read_request();
        if (std::holds_alternative<left>(next)) co_return;
        if (auto const* fault = std::get_if<failure>(&next)) {
            auto const refused = core.api.refuse(*fault);
            co_await send(to_text(refused, false, false));
            break;
        }
        auto& wanted = std::get<incoming>(next);
        wanted.asked.connection = on_.number();
        auto const answered = co_await answer(wanted.asked);
        if (!answered) co_return;
        auto const sent = co_await send(to_text(*answered, wanted.is_head, wanted.keep_alive));
        if (!sent) co_return;
        if (!wanted.keep_alive) break;
    }
    co_await part();
}

asio::awaitable<void> http1_conversation::receive(std::shared_ptr<connection> alive,
                                                  http1_conversation* self) {
    auto& c = *alive;
    while (c.is_open() && c.may_discard(0)) {
        if (self->inbox_.size() >= inbox_limit) {
            co_await self->room_.wait();
            continue;
        }
        auto const scratch = c.core().scratch();
        auto const step = c.read(scratch);
        if (step.state == progress_state::done) {
            self->keep(scratch.first(step.bytes));
            continue;
        }
        auto const goes_on = co_await c.can_go_on(step);
        if (!goes_on) break;
    }
    self->has_peer_left_ = true;
    self->changed_.set();
}

void http1_conversation::keep(std::span<char const> received) {
    if (is_parting_) {
        on_.may_discard(received.size());
        return;
    }
    inbox_.append(received.data(), received.size());
    changed_.set();
}

asio::awaitable<http1_conversation::next_request> http1_conversation::read_request() {
    on_.rest(on_.core().all.options.idle_timeout);
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

asio::awaitable<std::optional<response>> http1_conversation::answer(request const& asked) {
    on_.stir();
    auto& core = on_.core();
    auto const title = on_.title_of(asked);
    auto const began = server_core::now();
    auto made = core.api.handle(asked, began);
    core.schedule();
    if (auto const* wait = std::get_if<parking>(&made)) {
        auto const end = co_await park(*wait);
        if (!end) co_return std::nullopt;
        auto finished = core.api.finish(*wait, *end, server_core::now());
        on_.log_answer(title, finished, began);
        co_return finished;
    }
    on_.log_answer(title, std::get<response>(made), began);
    co_return std::get<response>(std::move(made));
}

asio::awaitable<std::optional<wait_end>> http1_conversation::park(parking const& wait) {
    std::optional<wait_end> end;
    auto& core = on_.core();
    auto& waits = core.all.parked;
    auto const ticket = core.all.park(wait, [&](wait_end why) {
        end = why;
        changed_.set();
    });
    core.schedule();
    is_parked_ = true;
    while (!end && !has_peer_left_)
        co_await changed_.wait();
    is_parked_ = false;
    if (!end) waits.abandon(ticket);
    co_return end;
}

asio::awaitable<bool> http1_conversation::send(std::string text) {
    on_.rest(on_.core().all.options.idle_timeout);
    std::string_view unsent = text;
    while (!unsent.empty()) {
        auto const step = on_.write(unsent);
        unsent.remove_prefix(step.bytes);
        auto const goes_on = co_await on_.can_go_on(step);
        if (!goes_on) co_return false;
    }
    co_return true;
}

/// Lets the client read the last answer.
asio::awaitable<void> http1_conversation::part() {
    is_parting_ = true;
    inbox_.clear();
    room_.set();
    on_.shut_down();
    while (!has_peer_left_)
        co_await changed_.wait();
}

} // namespace bctrl::emulator
