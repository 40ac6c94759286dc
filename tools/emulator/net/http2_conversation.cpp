#include "emulator/net/http2_conversation.hpp"

#include "emulator/net/connection.hpp"
#include "emulator/service/request_limits.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace bctrl::emulator {
namespace {

/// How long a client may take to read the goodbye.
constexpr std::chrono::milliseconds goodbye_time{2000};

http2::settings settings_of(server_core const& core) {
    return {.max_streams = core.max_streams(),
            .reset_limit = core.all.options.reset_limit,
            .header_limit = header_limit,
            .body_limit = body_limit};
}

} // namespace

http2_conversation::http2_conversation(connection& on)
    : on_{on}, engine_{settings_of(on.core()), on.core().all.http2}, wanted_{on.executor()} {}

http2_conversation::~http2_conversation() {
    abandon_all();
}

void http2_conversation::hear_of_close() {
    wanted_.set();
}

asio::awaitable<void> http2_conversation::serve(std::string first) {
    asio::co_spawn(on_.executor(), write_all(on_.shared_from_this(), this), asio::detached);
    settle_rest();
    take(first);
    wanted_.set(); // the settings come first, even if nothing was read
    while (true) {
        auto const scratch = on_.core().scratch();
        auto const step = on_.read(scratch);
        if (step.state == progress_state::done) {
            take(scratch.first(step.bytes));
            if (is_parting_ && !on_.may_discard(step.bytes)) break;
            // Others, and the answers to this, have their turn first.
            co_await asio::post(on_.executor(), asio::use_awaitable);
            continue;
        }
        auto const goes_on = co_await on_.can_go_on(step);
        if (!goes_on) break;
    }
    abandon_all();
}

void http2_conversation::take(std::span<char const> received) {
    if (is_parting_) return;
    engine_.feed(received);
    handle_events();
    on_.core().schedule();
    wanted_.set();
}

void http2_conversation::handle_events() {
    for (auto& happened : engine_.take_events())
        std::visit([this](auto& e) { handle(std::move(e)); }, happened);
}

void http2_conversation::handle(http2::asked&& taken) {
    request const wanted{.method = std::move(taken.method),
                         .target = std::move(taken.target),
                         .authorization = std::move(taken.authorization),
                         .content_type = std::move(taken.content_type),
                         .body = std::move(taken.body),
                         .connection = on_.number()};
    auto title = on_.title_of(wanted);
    auto const began = server_core::now();
    auto made = on_.core().api.handle(wanted, began);
    if (auto* wait = std::get_if<parking>(&made))
        return park(taken.stream, std::move(*wait), began, std::move(title));
    auto& answered = std::get<response>(made);
    on_.log_answer(title, answered, began);
    answer_to(taken.stream, std::move(answered), wanted.method == "HEAD");
}

void http2_conversation::handle(http2::oversized const& refused) {
    auto const is_header = refused.what == http2::oversized::part::header;
    answer_to(refused.stream,
              on_.core().api.refuse(is_header ? header_too_large() : body_too_large()), false);
}

void http2_conversation::handle(http2::closed const& gone) {
    auto const left = parked_.extract(gone.stream);
    if (left.empty()) return;
    on_.core().all.parked.abandon(left.mapped().ticket);
    settle_rest();
}

void http2_conversation::park(http2::stream_id stream, parking&& wait, time_point began,
                              std::string title) {
    auto const resume = [this, stream](wait_end why) {
        ended_.push_back({stream, why});
        wanted_.set();
    };
    auto const ticket = on_.core().all.park(wait, resume);
    parked_.emplace(stream, parked_wait{std::move(wait), ticket, began, std::move(title)});
    settle_rest();
}

void http2_conversation::answer_ended_waits() {
    auto& core = on_.core();
    // Time passes while one is answered, so that others may end meanwhile.
    while (!ended_.empty()) {
        for (auto const& [stream, why] : std::exchange(ended_, {})) {
            auto const found = parked_.extract(stream);
            if (found.empty()) continue; // reset in between
            auto const& wait = found.mapped();
            auto made = core.api.finish(wait.what, why, server_core::now());
            on_.log_answer(wait.title, made, wait.began);
            answer_to(stream, std::move(made), false);
        }
        core.schedule();
    }
}

void http2_conversation::answer_to(http2::stream_id stream, response made, bool is_head) {
    http2::answer given{.status = made.status};
    given.fields = {{"content-type", "application/json; charset=utf-8"},
                    {"content-length", std::to_string(made.body.size())},
                    {"x-request-id", std::move(made.request_id)}};
    for (auto& field : made.headers)
        given.fields.push_back(std::move(field));
    if (!is_head) given.body = std::move(made.body);
    engine_.answer_to(stream, std::move(given));
    settle_rest();
}

void http2_conversation::abandon_all() {
    for (auto const& [stream, wait] : std::exchange(parked_, {}))
        on_.core().all.parked.abandon(wait.ticket);
    ended_.clear();
}

asio::awaitable<void> http2_conversation::write_all(std::shared_ptr<connection> alive,
                                                    http2_conversation* self) {
    // Whatever else ends this, running out of memory for one: nobody would write any more.
    struct closing {
        ~closing() {
            if (!self.is_parting_) self.on_.close();
        }
        http2_conversation& self;
    } const at_end{*self};

    while (alive->is_open()) {
        self->answer_ended_waits();
        auto const sent = co_await self->flush();
        if (!sent) co_return;
        if (self->is_over()) co_return self->part();
        co_await self->wanted_.wait();
    }
}

asio::awaitable<bool> http2_conversation::flush() {
    auto& core = on_.core();
    unsent_ = core.lend_buffer();
    while (true) {
        if (unsent_.empty()) {
            engine_.collect(unsent_);
            handle_events(); // what is written ends streams
        }
        if (unsent_.empty()) break;
        auto const step = on_.write(unsent_);
        unsent_.erase(0, step.bytes);
        if (step.state == progress_state::done) continue;
        is_blocked_ = true;
        if (!is_closing_) on_.rest(core.all.options.idle_timeout);
        auto const goes_on = co_await on_.can_go_on(step);
        is_blocked_ = false;
        if (!goes_on) co_return false;
        settle_rest();
    }
    core.take_buffer(std::move(unsent_));
    co_return true;
}

/// A connection on which something waits may take its time, unless it does not read its answers.
void http2_conversation::settle_rest() {
    if (is_blocked_ || is_closing_ || is_parting_) return;
    if (parked_.empty()) return on_.rest(on_.core().all.options.idle_timeout);
    on_.stir();
}

void http2_conversation::rest_is_over() {
    if (is_parting_ || is_closing_ || is_blocked_) return on_.close();
    emulator::go_away const tired{.then = after_go_away::close};
    go_away(tired);
}

bool http2_conversation::is_over() const {
    return is_closing_ || (engine_.is_done() && !stays_);
}

void http2_conversation::part() {
    is_parting_ = true;
    abandon_all();
    on_.shut_down();
}

std::size_t http2_conversation::reset_waits(http2_error code, std::size_t at_most) {
    std::size_t count = 0;
    for (; count < at_most && !parked_.empty(); ++count) {
        auto const oldest = parked_.extract(parked_.begin());
        on_.core().all.parked.withdraw(oldest.mapped().ticket);
        engine_.reset(oldest.key(), code);
    }
    settle_rest();
    wanted_.set();
    return count;
}

bool http2_conversation::go_away(emulator::go_away const& how) {
    if (is_parting_) return false;
    engine_.go_away(how.last_stream, how.code);
    stays_ = how.then == after_go_away::stay;
    is_closing_ = how.then == after_go_away::close;
    if (is_closing_) on_.rest(goodbye_time);
    wanted_.set();
    return true;
}

bool http2_conversation::announce_max_streams(std::uint32_t count) {
    if (is_parting_) return false;
    engine_.announce_max_streams(count);
    wanted_.set();
    return true;
}

} // namespace bctrl::emulator
