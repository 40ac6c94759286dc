#include "emulator/http2/engine.hpp"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <map>
#include <new>

namespace bctrl::emulator::http2 {
namespace {

template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T* handle) const noexcept {
        Free(handle);
    }
};

using session_handle = std::unique_ptr<nghttp2_session, freed_by<nghttp2_session_del>>;
using option_handle = std::unique_ptr<nghttp2_option, freed_by<nghttp2_option_del>>;
using callbacks_handle =
    std::unique_ptr<nghttp2_session_callbacks, freed_by<nghttp2_session_callbacks_del>>;

/// A request of which not everything has come.
struct draft {
    asked so_far;
    std::size_t header_size = 0;
    std::size_t announced_size = 0; ///< the Content-Length
    bool waits_for_leave = false;   ///< the client asked for 100 Continue
};

/// What is left to send of an answer's body.
struct remainder {
    std::string body;
    std::size_t sent = 0;
};

std::string_view text_of(std::uint8_t const* bytes, std::size_t size) {
    return {reinterpret_cast<char const*>(bytes), size};
}

/// The library copies what it is given, yet asks for bytes that are not const.
nghttp2_nv field_of(std::string_view name, std::string_view value) {
    auto const bytes_of = [](std::string_view text) {
        return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
    };
    return {bytes_of(name), bytes_of(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE};
}

void check(int result) {
    if (result == NGHTTP2_ERR_NOMEM) throw std::bad_alloc{};
}

option_handle options_for(settings const& chosen) {
    nghttp2_option* made = nullptr;
    check(nghttp2_option_new(&made));
    option_handle options{made};
    nghttp2_option_set_no_closed_streams(made, 1); // they would be kept for priorities only
    // The library has a limit of its own unless it is told of another one.
    constexpr auto enough = std::numeric_limits<std::uint64_t>::max();
    auto const limit = chosen.reset_limit.value_or(reset_rate{.burst = enough, .per_second = 0});
    nghttp2_option_set_stream_reset_rate_limit(made, limit.burst, limit.per_second);
    return options;
}

/// Runs `work` where no exception may leave: the library is C.
template <class Work>
int guarded(Work work) noexcept {
    try {
        work();
        return 0;
    } catch (...) {
        return NGHTTP2_ERR_CALLBACK_FAILURE;
    }
}

} // namespace

class engine::session {
public:
    session(settings const& chosen, tally& counts);
    ~session() { counts_.streams_open -= open_; }

    void feed(std::span<char const> received);
    void collect(std::string& into);
    void answer_to(stream_id stream, answer given);
    void submit_settings(std::span<nghttp2_settings_entry const> entries);
    void go_away(std::optional<stream_id> last, http2_error code);

    bool is_done() const;

    nghttp2_session* handle() { return handle_.get(); }

    std::vector<event> events{};

private:
    static session& of(void* user_data) { return *static_cast<session*>(user_data); }
    static callbacks_handle callbacks();
    static int on_begin_headers(nghttp2_session*, nghttp2_frame const*, void*);
    static int on_header(nghttp2_session*, nghttp2_frame const*, std::uint8_t const*, std::size_t,
                         std::uint8_t const*, std::size_t, std::uint8_t, void*);
    static int on_data_chunk(nghttp2_session*, std::uint8_t, std::int32_t, std::uint8_t const*,
                             std::size_t, void*);
    static int on_frame_received(nghttp2_session*, nghttp2_frame const*, void*);
    static int on_frame_sent(nghttp2_session*, nghttp2_frame const*, void*);
    static int on_stream_close(nghttp2_session*, std::int32_t, std::uint32_t, void*);
    static ssize_t read_body(nghttp2_session*, std::int32_t, std::uint8_t*, std::size_t,
                             std::uint32_t*, nghttp2_data_source*, void*);

    void take_header(draft& d, std::string_view name, std::string_view value) const;
    void end_head(stream_id stream, bool is_all);
    void end_request(stream_id stream);
    void give_leave(stream_id stream);

    settings const chosen_;
    tally& counts_;
    std::map<stream_id, draft> drafts_{};
    std::map<stream_id, remainder> remainders_{};
    std::size_t open_ = 0;
    bool has_failed_ = false;
    session_handle handle_{};
};

engine::session::session(settings const& chosen, tally& counts) : chosen_{chosen}, counts_{counts} {
    ++counts_.connections;
    auto const options = options_for(chosen);
    nghttp2_session* made = nullptr;
    check(nghttp2_session_server_new2(&made, callbacks().get(), this, options.get()));
    handle_.reset(made);
    std::array const first{
        nghttp2_settings_entry{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, chosen.max_streams},
        nghttp2_settings_entry{NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE,
                               static_cast<std::uint32_t>(chosen.header_limit)},
        nghttp2_settings_entry{NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1}};
    submit_settings(first);
}

callbacks_handle engine::session::callbacks() {
    nghttp2_session_callbacks* made = nullptr;
    check(nghttp2_session_callbacks_new(&made));
    callbacks_handle all{made};
    nghttp2_session_callbacks_set_on_begin_headers_callback(made, on_begin_headers);
    nghttp2_session_callbacks_set_on_header_callback(made, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, on_data_chunk);
    nghttp2_session_callbacks_set_on_frame_recv_callback(made, on_frame_received);
    nghttp2_session_callbacks_set_on_frame_send_callback(made, on_frame_sent);
    nghttp2_session_callbacks_set_on_stream_close_callback(made, on_stream_close);
    return all;
}

int engine::session::on_begin_headers(nghttp2_session*, nghttp2_frame const* frame, void* self) {
    if (frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0; // trailers
    return guarded([&] {
        auto& s = of(self);
        s.drafts_[frame->hd.stream_id].so_far.stream = frame->hd.stream_id;
        ++s.open_;
        ++s.counts_.streams_open;
        ++s.counts_.streams;
    });
}

int engine::session::on_header(nghttp2_session*, nghttp2_frame const* frame,
                               std::uint8_t const* name, std::size_t name_size,
                               std::uint8_t const* value, std::size_t value_size, std::uint8_t,
                               void* self) {
    if (frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
    return guarded([&] {
        auto& s = of(self);
        auto const found = s.drafts_.find(frame->hd.stream_id);
        if (found == s.drafts_.end()) return;
        s.take_header(found->second, text_of(name, name_size), text_of(value, value_size));
    });
}

/// Of a field that comes twice the first counts.
void engine::session::take_header(draft& d, std::string_view name, std::string_view value) const {
    d.header_size += name.size() + value.size();
    if (d.header_size > chosen_.header_limit) return;
    auto const keep = [&](std::string& into) {
        if (into.empty()) into = value;
    };
    if (name == ":method") keep(d.so_far.method);
    if (name == ":path") keep(d.so_far.target);
    if (name == "authorization") keep(d.so_far.authorization);
    if (name == "content-type") keep(d.so_far.content_type);
    if (name == "expect") d.waits_for_leave = value == "100-continue";
    if (name == "content-length") // the library has seen to it that this is a number
        std::from_chars(value.data(), value.data() + value.size(), d.announced_size);
}

int engine::session::on_data_chunk(nghttp2_session*, std::uint8_t, std::int32_t stream,
                                   std::uint8_t const* bytes, std::size_t size, void* self) {
    return guarded([&] {
        auto& s = of(self);
        auto const found = s.drafts_.find(stream);
        if (found == s.drafts_.end()) return; // refused already
        auto& body = found->second.so_far.body;
        if (body.size() + size <= s.chosen_.body_limit) {
            body += text_of(bytes, size);
            return;
        }
        s.drafts_.erase(found);
        s.events.emplace_back(oversized{stream, oversized::part::body});
    });
}

int engine::session::on_frame_received(nghttp2_session*, nghttp2_frame const* frame, void* self) {
    return guarded([&] {
        auto& s = of(self);
        auto const stream = frame->hd.stream_id;
        auto const is_last = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
        switch (frame->hd.type) {
            case NGHTTP2_HEADERS:
                if (frame->headers.cat == NGHTTP2_HCAT_REQUEST) return s.end_head(stream, is_last);
                [[fallthrough]];
            case NGHTTP2_DATA:
                if (is_last) s.end_request(stream);
                return;
            case NGHTTP2_RST_STREAM:
                ++s.counts_.resets_received;
                return;
            default:
                return;
        }
    });
}

void engine::session::end_head(stream_id stream, bool is_all) {
    auto const found = drafts_.find(stream);
    if (found == drafts_.end()) return;
    auto const& d = found->second;
    auto const refuse = [&](oversized::part what) {
        drafts_.erase(found);
        events.emplace_back(oversized{stream, what});
    };
    if (d.header_size > chosen_.header_limit) return refuse(oversized::part::header);
    if (d.announced_size > chosen_.body_limit) return refuse(oversized::part::body);
    if (is_all) return end_request(stream);
    if (d.waits_for_leave) give_leave(stream);
}

void engine::session::end_request(stream_id stream) {
    auto complete = drafts_.extract(stream);
    if (!complete.empty()) events.emplace_back(std::move(complete.mapped().so_far));
}

void engine::session::give_leave(stream_id stream) {
    auto const status = field_of(":status", "100");
    check(
        nghttp2_submit_headers(handle(), NGHTTP2_FLAG_NONE, stream, nullptr, &status, 1, nullptr));
}

int engine::session::on_frame_sent(nghttp2_session*, nghttp2_frame const* frame, void* self) {
    if (frame->hd.type == NGHTTP2_GOAWAY) ++of(self).counts_.go_aways_sent;
    return 0;
}

int engine::session::on_stream_close(nghttp2_session*, std::int32_t stream, std::uint32_t,
                                     void* self) {
    return guarded([&] {
        auto& s = of(self);
        s.drafts_.erase(stream);
        s.remainders_.erase(stream);
        --s.open_;
        --s.counts_.streams_open;
        s.events.emplace_back(closed{stream});
    });
}

ssize_t engine::session::read_body(nghttp2_session* handle, std::int32_t stream, std::uint8_t* into,
                                   std::size_t size, std::uint32_t* flags,
                                   nghttp2_data_source* source, void*) {
    auto& rest = *static_cast<remainder*>(source->ptr);
    auto const count = std::min(size, rest.body.size() - rest.sent);
    std::copy_n(rest.body.data() + rest.sent, count, into);
    rest.sent += count;
    if (rest.sent < rest.body.size()) return static_cast<ssize_t>(count);
    *flags |= NGHTTP2_DATA_FLAG_EOF;
    // RFC 9113, section 8.1: whoever was answered before it has sent all may stop sending.
    if (nghttp2_session_get_stream_remote_close(handle, stream) == 0)
        nghttp2_submit_rst_stream(handle, NGHTTP2_FLAG_NONE, stream, NGHTTP2_NO_ERROR);
    return static_cast<ssize_t>(count);
}

void engine::session::feed(std::span<char const> received) {
    if (has_failed_) return;
    auto const* bytes = reinterpret_cast<std::uint8_t const*>(received.data());
    auto const result = nghttp2_session_mem_recv(handle(), bytes, received.size());
    // Another preface, a flood, no memory: not even a goodbye can be said after that.
    has_failed_ = result < 0;
}

void engine::session::collect(std::string& into) {
    while (!has_failed_ && into.size() < chunk) {
        std::uint8_t const* bytes = nullptr;
        auto const size = nghttp2_session_mem_send(handle(), &bytes);
        if (size < 0) throw std::bad_alloc{}; // nothing else can fail here
        if (size == 0) return;
        into += text_of(bytes, static_cast<std::size_t>(size));
    }
}

void engine::session::answer_to(stream_id stream, answer given) {
    if (has_failed_ || nghttp2_session_get_stream_local_close(handle(), stream) != 0) return;
    auto const status = std::to_string(given.status);
    std::vector<nghttp2_nv> fields{field_of(":status", status)};
    for (auto const& [name, value] : given.fields)
        fields.push_back(field_of(name, value));
    nghttp2_data_provider body{};
    if (!given.body.empty()) {
        auto& rest = remainders_[stream] = {std::move(given.body)};
        body = {.source = {.ptr = &rest}, .read_callback = read_body};
    }
    check(nghttp2_submit_response(handle(), stream, fields.data(), fields.size(),
                                  body.read_callback == nullptr ? nullptr : &body));
}

void engine::session::submit_settings(std::span<nghttp2_settings_entry const> entries) {
    check(nghttp2_submit_settings(handle(), NGHTTP2_FLAG_NONE, entries.data(), entries.size()));
}

void engine::session::go_away(std::optional<stream_id> last, http2_error code) {
    auto const last_stream = last.value_or(nghttp2_session_get_last_proc_stream_id(handle()));
    check(nghttp2_submit_goaway(handle(), NGHTTP2_FLAG_NONE, last_stream,
                                static_cast<std::uint32_t>(code), nullptr, 0));
}

bool engine::session::is_done() const {
    if (has_failed_) return true;
    auto* const s = handle_.get();
    return nghttp2_session_want_read(s) == 0 && nghttp2_session_want_write(s) == 0;
}

engine::engine(settings const& chosen, tally& counts)
    : session_{std::make_unique<session>(chosen, counts)} {}

engine::~engine() = default;

void engine::feed(std::span<char const> received) {
    session_->feed(received);
}

std::vector<event> engine::take_events() {
    return std::exchange(session_->events, {});
}

void engine::collect(std::string& into) {
    session_->collect(into);
}

void engine::answer_to(stream_id stream, answer given) {
    session_->answer_to(stream, std::move(given));
}

void engine::reset(stream_id stream, http2_error code) {
    check(nghttp2_submit_rst_stream(session_->handle(), NGHTTP2_FLAG_NONE, stream,
                                    static_cast<std::uint32_t>(code)));
}

void engine::go_away(std::optional<stream_id> last, http2_error code) {
    session_->go_away(last, code);
}

void engine::announce_max_streams(std::uint32_t count) {
    session_->submit_settings(
        std::array{nghttp2_settings_entry{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, count}});
}

bool engine::is_done() const {
    return session_->is_done();
}

} // namespace bctrl::emulator::http2
