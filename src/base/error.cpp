#include <bctrl/error.hpp>

#include <boost/asio/error.hpp>

#include <string_view>
#include <utility>

namespace bctrl {

namespace {

char const* text_of(errc e) noexcept {
    switch (e) {
        case errc::invalid_configuration:
            return "the configuration cannot be used";
        case errc::invalid_api_key:
            return "the API key cannot be used";
        case errc::insecure_origin:
            return "the key would be sent in the clear";
        case errc::invalid_argument:
            return "an argument cannot be sent";
        case errc::client_closed:
            return "the client is closed";
        case errc::deadline_exceeded:
            return "the deadline passed";
        case errc::queue_full:
            return "too many calls wait for a connection";
        case errc::too_many_descriptors:
            return "no file descriptor is left";
        case errc::out_of_memory:
            return "no memory is left";
        case errc::queue_timeout:
            return "no connection came free in time";
        case errc::resolve_failed:
            return "the host name could not be resolved";
        case errc::connect_failed:
            return "no connection could be made";
        case errc::tls_failed:
            return "TLS failed";
        case errc::certificate_rejected:
            return "the server's certificate is not accepted";
        case errc::client_certificate_refused:
            return "the server does not accept this client's certificate, or its lack of one";
        case errc::connection_lost:
            return "the connection was lost";
        case errc::proxy_unauthenticated:
            return "the proxy wants other credentials";
        case errc::proxy_refused:
            return "the proxy does not let the connection through";
        case errc::proxy_failed:
            return "the proxy could not make the connection";
        case errc::malformed_response:
            return "the answer is not valid HTTP";
        case errc::header_too_large:
            return "the head of the answer is too large";
        case errc::body_too_large:
            return "the body of the answer is too large";
        case errc::unexpected_content:
            return "the answer is not JSON";
        case errc::malformed_json:
            return "the answer is malformed JSON";
        case errc::unexpected_document:
            return "the answer is not the document expected";
        case errc::unexpected_status:
            return "the answer has a status that the API does not use";
        case errc::cursor_repeated:
            return "the list does not end: a page names one read before";
        case errc::invalid_request:
            return "the request was found invalid";
        case errc::unauthenticated:
            return "the API key was not accepted";
        case errc::permission_denied:
            return "the API key lacks a permission";
        case errc::not_found:
            return "not found";
        case errc::conflict:
            return "conflict with the present state";
        case errc::gone:
            return "no longer there";
        case errc::rate_limited:
            return "too many requests";
        case errc::server_error:
            return "the server failed";
        case errc::refused:
            return "the request was refused";
        case errc::lost_contact:
            return "contact with the server was lost";
        case errc::internal:
            return "a fault of this library";
    }
    return "an unknown error";
}

bool is_retryable(errc e) noexcept {
    switch (e) {
        case errc::resolve_failed:
        case errc::connect_failed:
        case errc::connection_lost:
        case errc::tls_failed:
        case errc::proxy_failed:
        case errc::queue_full:
        case errc::queue_timeout:
        case errc::too_many_descriptors:
        case errc::rate_limited:
        case errc::server_error:
        case errc::lost_contact:
            return true;
        default:
            return false;
    }
}

bool in_group(errc e, condition group) noexcept {
    auto const n = static_cast<int>(e);
    switch (group) {
        case condition::retryable:
            return is_retryable(e);
        case condition::timeout:
            return e == errc::deadline_exceeded || e == errc::queue_timeout ||
                   e == errc::lost_contact;
        case condition::cancelled:
            return e == errc::client_closed;
        case condition::auth:
            return e == errc::unauthenticated || e == errc::permission_denied ||
                   e == errc::invalid_api_key || e == errc::proxy_unauthenticated;
        case condition::not_found:
            return e == errc::not_found || e == errc::gone;
        case condition::throttled:
            return e == errc::rate_limited || e == errc::queue_full || e == errc::queue_timeout ||
                   e == errc::too_many_descriptors;
        case condition::transport:
            return n >= static_cast<int>(errc::resolve_failed) &&
                   n <= static_cast<int>(errc::proxy_failed);
        case condition::protocol:
            return n >= static_cast<int>(errc::malformed_response) &&
                   n <= static_cast<int>(errc::cursor_repeated);
    }
    return false;
}

class errors final : public boost::system::error_category {
public:
    char const* name() const noexcept override { return "bctrl"; }
    std::string message(int value) const override { return text_of(static_cast<errc>(value)); }
};

class conditions final : public boost::system::error_category {
public:
    char const* name() const noexcept override { return "bctrl.condition"; }

    std::string message(int value) const override {
        switch (static_cast<condition>(value)) {
            case condition::retryable:
                return "the same call may succeed later";
            case condition::timeout:
                return "time ran out";
            case condition::cancelled:
                return "stopped by the caller";
            case condition::auth:
                return "the key is missing, wrong, or lacks a permission";
            case condition::not_found:
                return "there is no such thing";
            case condition::throttled:
                return "too many calls";
            case condition::transport:
                return "no answer from the network";
            case condition::protocol:
                return "the answer cannot be understood";
        }
        return "an unknown condition";
    }

    bool equivalent(error_code const& code, int value) const noexcept override {
        auto const group = static_cast<condition>(value);
        if (code == boost::asio::error::operation_aborted) return group == condition::cancelled;
        if (code.category() != bctrl::error_category()) return false;
        return in_group(static_cast<errc>(code.value()), group);
    }
};

class proxy_statuses final : public boost::system::error_category {
public:
    char const* name() const noexcept override { return "bctrl.proxy_status"; }
    std::string message(int value) const override {
        return "the proxy answered " + std::to_string(value);
    }
};

void append(std::string& text, std::string_view lead, std::string_view part) {
    if (!part.empty()) text.append(lead).append(part);
}

/// What the server can look up, in parentheses.
std::string references(error_details const& details) {
    std::string text;
    if (details.status != 0) append(text, ", status ", std::to_string(details.status));
    append(text, ", code ", details.code);
    append(text, ", request ", details.request_id);
    if (details.attempts > 1) append(text, ", attempts ", std::to_string(details.attempts));
    return text.empty() ? text : " (" + text.substr(2) + ")";
}

std::string closing_stop(std::string text) {
    auto const ends =
        !text.empty() && (text.back() == '.' || text.back() == '!' || text.back() == '?');
    if (!ends) text += '.';
    return text;
}

} // namespace

boost::system::error_category const& error_category() noexcept {
    static errors const category;
    return category;
}

boost::system::error_category const& proxy_status_category() noexcept {
    static proxy_statuses const category;
    return category;
}

boost::system::error_category const& condition_category() noexcept {
    static conditions const category;
    return category;
}

std::string describe(error_code code, error_details const& details) {
    std::string text = details.call.empty() ? "bctrl" : details.call;
    append(text, " ", details.resource_id);
    append(text, " at ", details.url);
    // Many messages begin with what the code says already.
    auto const what = code.message();
    if (!details.message.starts_with(what)) append(text, ": ", what);
    append(text, ": ", details.message);
    auto const looked_up = references(details);
    if (!looked_up.empty() && text.back() == '.') text.pop_back();
    text = closing_stop(text + looked_up);
    if (!details.hint.empty()) append(text, " ", closing_stop(details.hint));
    return text;
}

request_error::request_error(error_code code, std::shared_ptr<error_details const> details)
    : boost::system::system_error{code},
      details_{details ? std::move(details) : std::make_shared<error_details const>()},
      text_{std::make_shared<std::string const>(describe(code, *details_))} {}

} // namespace bctrl
