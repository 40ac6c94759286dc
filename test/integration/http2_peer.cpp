#include "http2_peer.hpp"

#include <boost/asio/write.hpp>

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>

#include <sys/socket.h>
#include <sys/time.h>

namespace bctrl::emulator {
namespace {

std::string text_of(std::uint8_t const* bytes, std::size_t size) {
    return {reinterpret_cast<char const*>(bytes), size};
}

nghttp2_nv field_of(std::pair<std::string, std::string>& f) {
    return {reinterpret_cast<std::uint8_t*>(f.first.data()),
            reinterpret_cast<std::uint8_t*>(f.second.data()), f.first.size(), f.second.size(),
            NGHTTP2_NV_FLAG_NONE};
}

} // namespace

struct http2_peer::callbacks {
    static http2_peer& of(void* self) { return *static_cast<http2_peer*>(self); }

    static int header(nghttp2_session*, nghttp2_frame const* frame, std::uint8_t const* name,
                      std::size_t name_size, std::uint8_t const* value, std::size_t value_size,
                      std::uint8_t, void* self) {
        auto& s = of(self).streams_[frame->hd.stream_id];
        auto const text = text_of(value, value_size);
        if (text_of(name, name_size) != ":status") {
            s.headers[text_of(name, name_size)] = text;
        } else if (text == "100") {
            s.was_told_to_go_on = true;
        } else {
            s.status = static_cast<unsigned>(std::stoul(text));
        }
        return 0;
    }

    static int chunk(nghttp2_session*, std::uint8_t, std::int32_t stream, std::uint8_t const* bytes,
                     std::size_t size, void* self) {
        of(self).streams_[stream].text += text_of(bytes, size);
        return 0;
    }

    static int frame(nghttp2_session*, nghttp2_frame const* f, void* self) {
        if (f->hd.type == NGHTTP2_GOAWAY)
            of(self).farewell_ = {f->goaway.last_stream_id, f->goaway.error_code};
        if (f->hd.type == NGHTTP2_PING) ++of(self).pings_answered_;
        return 0;
    }

    static int closed(nghttp2_session*, std::int32_t stream, std::uint32_t error, void* self) {
        auto& s = of(self).streams_[stream];
        s.is_closed = true;
        s.error = error;
        return 0;
    }

    static ssize_t body(nghttp2_session*, std::int32_t stream, std::uint8_t* into, std::size_t size,
                        std::uint32_t* flags, nghttp2_data_source*, void* self) {
        auto const found = of(self).bodies_.find(stream);
        if (found == of(self).bodies_.end()) return NGHTTP2_ERR_DEFERRED;
        auto& rest = found->second;
        auto const count = std::min(size, rest.size());
        std::copy_n(rest.data(), count, into);
        rest.erase(0, count);
        if (rest.empty()) *flags |= NGHTTP2_DATA_FLAG_EOF;
        return static_cast<ssize_t>(count);
    }
};

void http2_peer::session_end::operator()(nghttp2_session* s) const {
    nghttp2_session_del(s);
}

http2_peer::http2_peer(std::uint16_t port, std::uint32_t window) {
    socket_.connect({boost::asio::ip::address_v4::loopback(), port});
    socket_.set_option(boost::asio::ip::tcp::no_delay{true});
    timeval const patience{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);

    nghttp2_session_callbacks* set = nullptr;
    nghttp2_session_callbacks_new(&set);
    nghttp2_session_callbacks_set_on_header_callback(set, callbacks::header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(set, callbacks::chunk);
    nghttp2_session_callbacks_set_on_frame_recv_callback(set, callbacks::frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(set, callbacks::closed);
    nghttp2_option* chosen = nullptr;
    nghttp2_option_new(&chosen);
    nghttp2_option_set_max_send_header_block_length(chosen, 1024 * 1024);
    nghttp2_session* made = nullptr;
    nghttp2_session_client_new2(&made, set, this, chosen);
    nghttp2_option_del(chosen);
    nghttp2_session_callbacks_del(set);
    session_.reset(made);
    nghttp2_settings_entry const own{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, window};
    nghttp2_submit_settings(made, NGHTTP2_FLAG_NONE, &own, 1);
    nghttp2_session_set_local_window_size(made, NGHTTP2_FLAG_NONE, 0,
                                          static_cast<std::int32_t>(window));
    flush();
}

http2_peer::~http2_peer() = default;

std::int32_t http2_peer::submit(std::string_view method, std::string const& target,
                                header_list more, bool has_body) {
    header_list all{{":method", std::string{method}},
                    {":scheme", "http"},
                    {":authority", "localhost"},
                    {":path", target},
                    {"authorization", "Bearer bctrl_emulator_key"}};
    if (has_body) all.emplace_back("content-type", "application/json");
    for (auto& f : more)
        all.push_back(std::move(f));
    std::vector<nghttp2_nv> fields;
    for (auto& f : all)
        fields.push_back(field_of(f));
    nghttp2_data_provider const provider{.source = {}, .read_callback = callbacks::body};
    auto const stream = nghttp2_submit_request(session_.get(), nullptr, fields.data(),
                                               fields.size(), has_body ? &provider : nullptr, this);
    if (stream < 0) throw std::runtime_error{nghttp2_strerror(stream)};
    return stream;
}

std::int32_t http2_peer::send(std::string_view method, std::string const& target, std::string body,
                              header_list more) {
    auto const has_body = !body.empty();
    auto const stream = submit(method, target, std::move(more), has_body);
    if (has_body) bodies_[stream] = std::move(body);
    flush();
    return stream;
}

std::int32_t http2_peer::send_head(std::string_view method, std::string const& target,
                                   header_list more) {
    auto const stream = submit(method, target, std::move(more), true);
    flush();
    return stream;
}

void http2_peer::send_body(std::int32_t stream, std::string body) {
    bodies_[stream] = std::move(body);
    nghttp2_session_resume_data(session_.get(), stream);
    flush();
}

void http2_peer::submit_reset(std::int32_t stream, std::uint32_t error) {
    nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream, error);
}

void http2_peer::submit_ping() {
    nghttp2_submit_ping(session_.get(), NGHTTP2_FLAG_NONE, nullptr);
}

void http2_peer::reset(std::int32_t stream, std::uint32_t error) {
    submit_reset(stream, error);
    flush();
}

void http2_peer::flush() {
    std::uint8_t const* bytes = nullptr;
    std::string text;
    while (true) {
        auto const size = nghttp2_session_mem_send(session_.get(), &bytes);
        if (size <= 0) break;
        text += text_of(bytes, static_cast<std::size_t>(size));
    }
    boost::system::error_code gone; // reading will tell
    boost::asio::write(socket_, boost::asio::buffer(text), gone);
}

/// The receive timeout works on the bare socket only.
bool http2_peer::read_some() {
    std::array<std::uint8_t, 16 * 1024> bytes;
    auto const size = ::recv(socket_.native_handle(), bytes.data(), bytes.size(), 0);
    has_ended_ = size == 0 || (size < 0 && errno != EAGAIN);
    if (size <= 0) return false;
    auto const used =
        nghttp2_session_mem_recv(session_.get(), bytes.data(), static_cast<std::size_t>(size));
    if (used < 0) throw std::runtime_error{nghttp2_strerror(static_cast<int>(used))};
    flush();
    return true;
}

bool http2_peer::read_until(std::function<bool()> const& condition) {
    while (!condition())
        if (!read_some()) return condition();
    return true;
}

http2_stream const& http2_peer::finish(std::int32_t stream) {
    auto const& s = streams_[stream];
    read_until([&] { return s.is_closed; });
    return s;
}

bool http2_peer::meets_end() {
    while (read_some())
        continue;
    return has_ended_;
}

std::uint32_t http2_peer::max_streams() const {
    return nghttp2_session_get_remote_settings(session_.get(),
                                               NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
}

} // namespace bctrl::emulator
