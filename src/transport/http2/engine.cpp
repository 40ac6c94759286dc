#include "transport/http2/engine.hpp"

#include "base/wipe.hpp"
#include "base/wiped_memory.hpp"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <new>
#include <utility>
#include <vector>

namespace bctrl::http2 {

namespace {

/// What may be on its way to us, of one answer and of all together. What comes is taken off at once
/// and is bounded by the limit of bodies, so these bound what a long way to the server holds.
constexpr std::int32_t stream_window = 1024 * 1024;
constexpr std::int32_t connection_window = 16 * 1024 * 1024;

constexpr std::size_t most_of_a_head = std::size_t{16} * 1024 * 1024;

/// Around each field, as RFC 9113 counts the size of a list of headers (section 6.5.2).
constexpr std::size_t field_overhead = 32;

/// Room for this many is made at once: an answer has seldom more.
constexpr std::size_t usual_header_fields = 8;

struct session_deleter {
    void operator()(nghttp2_session* session) const noexcept { nghttp2_session_del(session); }
};
struct callbacks_deleter {
    void operator()(nghttp2_session_callbacks* made) const noexcept {
        nghttp2_session_callbacks_del(made);
    }
};
struct option_deleter {
    void operator()(nghttp2_option* made) const noexcept { nghttp2_option_del(made); }
};
using session_handle = std::unique_ptr<nghttp2_session, session_deleter>;
using callbacks_handle = std::unique_ptr<nghttp2_session_callbacks, callbacks_deleter>;
using option_handle = std::unique_ptr<nghttp2_option, option_deleter>;

/// nghttp2 says of every call whether there was memory.
void expect_memory(int result) {
    if (result == NGHTTP2_ERR_NOMEM) throw std::bad_alloc{};
}

std::string_view text_in(std::uint8_t const* bytes, std::size_t size) noexcept {
    return {reinterpret_cast<char const*>(bytes), size};
}

std::uint8_t* bytes_of(std::string_view text) noexcept {
    // nghttp2 changes nothing; its interface is older than its promise.
    return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
}

nghttp2_nv as_nv(field const& f) noexcept {
    constexpr auto as_it_is =
        static_cast<std::uint8_t>(NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE);
    return {bytes_of(f.name), bytes_of(f.value), f.name.size(), f.value.size(),
            f.lasts ? as_it_is : static_cast<std::uint8_t>(NGHTTP2_NV_FLAG_NONE)};
}

failure malformed(std::string why) {
    return failure{errc::malformed_response, "the answer is not valid HTTP/2: " + std::move(why)};
}

int status_in(std::string_view text) noexcept {
    int status = 0;
    std::from_chars(text.data(), text.data() + text.size(), status);
    return status;
}

nghttp2_mem* wiping_allocator() noexcept {
    static nghttp2_mem mem{
        nullptr, [](std::size_t bytes, void*) { return wiped_memory::take(bytes); },
        [](void* block, void*) { wiped_memory::give_back(block); },
        [](std::size_t count, std::size_t bytes, void*) {
            return wiped_memory::take_zeroed(count, bytes);
        },
        [](void* block, std::size_t bytes, void*) { return wiped_memory::resize(block, bytes); }};
    return &mem;
}

} // namespace

struct engine::state {
    state(exchange_limits const& l, engine_listener& tells) : limits{l}, listener{tells} {
        auto const callbacks = make_callbacks();
        auto const options = make_options();
        nghttp2_session* made = nullptr;
        expect_memory(nghttp2_session_client_new3(&made, callbacks.get(), this, options.get(),
                                                  wiping_allocator()));
        session.reset(made);
        submit_settings();
    }

    static option_handle make_options() {
        nghttp2_option* made = nullptr;
        expect_memory(nghttp2_option_new(&made));
        option_handle options{made};
        // They would serve priorities only, which nobody heeds.
        nghttp2_option_set_no_closed_streams(made, 1);
        nghttp2_option_set_max_reserved_remote_streams(made, 0);
        // A head that a server finds too large is the server's to refuse.
        nghttp2_option_set_max_send_header_block_length(made, most_of_a_head);
        return options;
    }

    static callbacks_handle make_callbacks() {
        nghttp2_session_callbacks* made = nullptr;
        expect_memory(nghttp2_session_callbacks_new(&made));
        callbacks_handle callbacks{made};
        nghttp2_session_callbacks_set_on_begin_headers_callback(made, on_begin_headers);
        nghttp2_session_callbacks_set_on_header_callback(made, on_header);
        nghttp2_session_callbacks_set_on_frame_recv_callback(made, on_frame_recv);
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, on_data_chunk_recv);
        nghttp2_session_callbacks_set_on_frame_send_callback(made, on_frame_send);
        nghttp2_session_callbacks_set_on_stream_close_callback(made, on_stream_close);
        nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(made, on_invalid_frame);
        nghttp2_session_callbacks_set_error_callback2(made, on_error);
        return callbacks;
    }

    void submit_settings() const {
        std::array<nghttp2_settings_entry, 3> const settings{
            {{NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
             {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, stream_window},
             {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, header_limit}}};
        expect_memory(nghttp2_submit_settings(session.get(), NGHTTP2_FLAG_NONE, settings.data(),
                                              settings.size()));
        expect_memory(nghttp2_session_set_local_window_size(session.get(), NGHTTP2_FLAG_NONE, 0,
                                                            connection_window));
    }

    exchange_record* record_of(stream_id id) const noexcept {
        return static_cast<exchange_record*>(
            nghttp2_session_get_stream_user_data(session.get(), id));
    }

    /// The answer is not taken: the stream ends, and its record tells why.
    void refuse(exchange_record& record, failure why) const {
        if (record.refused) return;
        record.refused = std::make_unique<failure>(std::move(why));
        expect_memory(
            nghttp2_submit_rst_stream(session.get(), NGHTTP2_FLAG_NONE, record.id, NGHTTP2_CANCEL));
    }

    void take_header(exchange_record& record, std::string_view name, std::string_view value) {
        auto const size = name.size() + value.size() + field_overhead;
        if (size > header_limit - record.header_bytes)
            return refuse(record, failure{errc::header_too_large,
                                          "the head of the answer exceeds " +
                                              std::to_string(limits.header_bytes) + " bytes"});
        record.header_bytes += static_cast<std::uint32_t>(size);
        // What stands behind the body is read over.
        if (record.final) return;
        if (name == ":status") {
            record.answer->status = status_in(value);
            return;
        }
        if (++record.header_fields > limits.header_fields)
            return refuse(record, failure{errc::header_too_large,
                                          "the head of the answer has more than " +
                                              std::to_string(limits.header_fields) + " fields"});
        record.answer->headers.push_back({std::string{name}, std::string{value}});
    }

    void end_head(exchange_record& record) {
        if (record.final || record.refused) return;
        if (record.answer->status >= 200) {
            record.final = true;
            return;
        }
        if (record.answer->status == 101)
            return refuse(record, malformed("the server switched protocols unasked"));
        if (++record.interim_answers > most_interim_answers)
            return refuse(record, malformed("the server sends interim answers without end"));
        *record.answer = {};
        record.header_fields = 0;
    }

    void take_body(exchange_record& record, std::string_view bytes) {
        if (record.refused) return;
        if (bytes.size() > limits.body_bytes - record.answer->body.size())
            return refuse(record, failure{errc::body_too_large,
                                          "the body of the answer exceeds " +
                                              std::to_string(limits.body_bytes) + " bytes"});
        record.answer->body.append(bytes);
    }

    /// The peer needs no more of the request than it has read.
    void end_answer(exchange_record& record) const {
        record.complete = record.final && !record.refused;
        if (!record.unsent.empty())
            expect_memory(nghttp2_submit_rst_stream(session.get(), NGHTTP2_FLAG_NONE, record.id,
                                                    NGHTTP2_NO_ERROR));
    }

    std::size_t allowed() const noexcept {
        return nghttp2_session_get_remote_settings(session.get(),
                                                   NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
    }

    /// Runs what nghttp2 calls: no exception may pass through C.
    template <class Work>
    int guarded(Work work) noexcept {
        try {
            work();
            return 0;
        } catch (...) {
            out_of_memory = true;
            return NGHTTP2_ERR_CALLBACK_FAILURE;
        }
    }

    static int on_begin_headers(nghttp2_session*, nghttp2_frame const* frame, void* self) noexcept {
        auto& s = *static_cast<state*>(self);
        auto* const record = s.record_of(frame->hd.stream_id);
        if (!record || record->begun) return 0;
        return s.guarded([&] {
            record->answer = std::make_unique<wire_response>();
            record->answer->headers.reserve(usual_header_fields);
            record->begun = true;
            record->moved();
        });
    }

    static int on_header(nghttp2_session*, nghttp2_frame const* frame, std::uint8_t const* name,
                         std::size_t name_size, std::uint8_t const* value, std::size_t value_size,
                         std::uint8_t, void* self) noexcept {
        auto& s = *static_cast<state*>(self);
        auto* const record = s.record_of(frame->hd.stream_id);
        if (!record || record->refused) return 0;
        return s.guarded(
            [&] { s.take_header(*record, text_in(name, name_size), text_in(value, value_size)); });
    }

    static int on_frame_recv(nghttp2_session*, nghttp2_frame const* frame, void* self) noexcept {
        auto& s = *static_cast<state*>(self);
        return s.guarded([&] { s.take_frame(*frame); });
    }

    void take_frame(nghttp2_frame const& frame) {
        auto const acknowledges = (frame.hd.flags & NGHTTP2_FLAG_ACK) != 0;
        switch (frame.hd.type) {
            case NGHTTP2_SETTINGS:
                if (acknowledges) return;
                settled = true;
                return listener.settings_came();
            case NGHTTP2_GOAWAY:
                listener.going_away(
                    static_cast<reset_code>(frame.goaway.error_code), frame.goaway.last_stream_id,
                    text_in(frame.goaway.opaque_data, frame.goaway.opaque_data_len));
                return;
            case NGHTTP2_HEADERS:
            case NGHTTP2_DATA:
                return take_message(frame);
            default:
                return;
        }
    }

    void take_message(nghttp2_frame const& frame) {
        auto* const record = record_of(frame.hd.stream_id);
        if (!record) return;
        if (frame.hd.type == NGHTTP2_HEADERS) end_head(*record);
        if ((frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) end_answer(*record);
    }

    static int on_data_chunk_recv(nghttp2_session*, std::uint8_t, stream_id id,
                                  std::uint8_t const* bytes, std::size_t size,
                                  void* self) noexcept {
        auto& s = *static_cast<state*>(self);
        auto* const record = s.record_of(id);
        if (!record) return 0;
        return s.guarded([&] { s.take_body(*record, text_in(bytes, size)); });
    }

    static int on_frame_send(nghttp2_session*, nghttp2_frame const* frame, void* self) noexcept {
        if (frame->hd.type != NGHTTP2_HEADERS) return 0;
        auto* const record = static_cast<state*>(self)->record_of(frame->hd.stream_id);
        if (record && !std::exchange(record->sent, true)) record->moved();
        return 0;
    }

    static int on_stream_close(nghttp2_session* session, stream_id id, std::uint32_t code,
                               void* self) noexcept {
        auto* const record = static_cast<state*>(self)->record_of(id);
        if (!record) return 0;
        nghttp2_session_set_stream_user_data(session, id, nullptr);
        record->closed(static_cast<reset_code>(code));
        return 0;
    }

    static int on_invalid_frame(nghttp2_session*, nghttp2_frame const* frame, int code,
                                void* self) noexcept {
        auto& s = *static_cast<state*>(self);
        auto* const record = s.record_of(frame->hd.stream_id);
        if (!record || record->refused) return 0;
        return s.guarded(
            [&] { record->refused = std::make_unique<failure>(s.fault(nghttp2_strerror(code))); });
    }

    static int on_error(nghttp2_session*, int, char const* text, std::size_t size,
                        void* self) noexcept {
        auto& s = *static_cast<state*>(self);
        return s.guarded([&] { s.last_error.assign(text, size); });
    }

    static ssize_t read_body(nghttp2_session*, stream_id id, std::uint8_t* into, std::size_t room,
                             std::uint32_t* flags, nghttp2_data_source*, void* self) noexcept {
        auto* const found = static_cast<state*>(self)->record_of(id);
        // Whoever held the body has left: the stream waits to be reset.
        if (!found) return NGHTTP2_ERR_DEFERRED;
        auto& record = *found;
        auto const piece = record.unsent.substr(0, room);
        std::copy(piece.begin(), piece.end(), into);
        record.unsent.remove_prefix(piece.size());
        if (record.unsent.empty()) {
            *flags |= NGHTTP2_DATA_FLAG_EOF;
            record.moved();
        }
        return static_cast<ssize_t>(piece.size());
    }

    failure fault(std::string_view nghttp2_says) const {
        if (out_of_memory)
            return failure{errc::out_of_memory, "there is no memory for what the server sends"};
        return malformed(last_error.empty() ? std::string{nghttp2_says} : last_error);
    }

    failure fault_of(int code) {
        out_of_memory = out_of_memory || code == NGHTTP2_ERR_NOMEM;
        return fault(nghttp2_strerror(code));
    }

    exchange_limits limits;
    std::uint32_t header_limit =
        static_cast<std::uint32_t>(std::min<std::size_t>(limits.header_bytes, 0x7fffffff));
    engine_listener& listener;
    session_handle session;
    std::string last_error; ///< nghttp2's own words on what it refused last
    std::vector<nghttp2_nv> head;
    bool settled = false;
    bool out_of_memory = false;
};

engine::engine(exchange_limits const& limits, engine_listener& tells)
    : state_{std::make_unique<state>(limits, tells)} {}
engine::~engine() = default;

bool engine::submit(exchange_record& record, std::span<field const> head) {
    auto& s = *state_;
    if (nghttp2_session_check_request_allowed(s.session.get()) == 0) return false;
    s.head.clear();
    for (auto const& each : head)
        s.head.push_back(as_nv(each));
    nghttp2_data_provider const body{{}, state::read_body};
    auto const id = nghttp2_submit_request(s.session.get(), nullptr, s.head.data(), s.head.size(),
                                           record.unsent.empty() ? nullptr : &body, &record);
    expect_memory(id);
    if (id < 0) return false;
    record.id = id;
    return true;
}

void engine::forget(exchange_record& record) noexcept {
    nghttp2_session_set_stream_user_data(state_->session.get(), record.id, nullptr);
}

void engine::reset(stream_id id, reset_code why) {
    expect_memory(nghttp2_submit_rst_stream(state_->session.get(), NGHTTP2_FLAG_NONE, id,
                                            static_cast<std::uint32_t>(why)));
}

bool engine::is_open(stream_id id) const noexcept {
    return nghttp2_session_find_stream(state_->session.get(), id) != nullptr;
}

void engine::ping() {
    expect_memory(nghttp2_submit_ping(state_->session.get(), NGHTTP2_FLAG_NONE, nullptr));
}

void engine::go_away() {
    expect_memory(nghttp2_session_terminate_session(state_->session.get(), NGHTTP2_NO_ERROR));
}

std::optional<failure> engine::feed(std::span<char const> bytes) {
    state_->last_error.clear();
    auto const taken = nghttp2_session_mem_recv(
        state_->session.get(), reinterpret_cast<std::uint8_t const*>(bytes.data()), bytes.size());
    if (taken >= 0) return std::nullopt;
    return state_->fault_of(static_cast<int>(taken));
}

std::optional<failure> engine::take_pending(std::string& into, std::size_t most) {
    while (into.size() < most) {
        std::uint8_t const* bytes = nullptr;
        auto const size = nghttp2_session_mem_send(state_->session.get(), &bytes);
        if (size < 0) return state_->fault_of(static_cast<int>(size));
        if (size == 0) return std::nullopt;
        append_to_secret(into, text_in(bytes, static_cast<std::size_t>(size)));
    }
    return std::nullopt;
}

bool engine::is_settled() const noexcept {
    return state_->settled;
}

std::size_t engine::streams_allowed() const noexcept {
    return state_->allowed();
}

failure engine::fault() const {
    return state_->fault("it ended the connection");
}

bool engine::listens() const noexcept {
    return nghttp2_session_want_read(state_->session.get()) != 0;
}

bool engine::is_over() const noexcept {
    return !listens() && nghttp2_session_want_write(state_->session.get()) == 0;
}

} // namespace bctrl::http2
