#include "emulator/net/response_text.hpp"

#include <boost/beast/http/status.hpp>

namespace bctrl::emulator {
namespace {

void add_field(std::string& text, std::string_view name, std::string_view value) {
    text += name;
    text += ": ";
    text += value;
    text += "\r\n";
}

} // namespace

std::string to_text(response const& r, bool is_head, bool keep_alive) {
    std::string text = "HTTP/1.1 " + std::to_string(r.status) + ' ';
    text += boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(r.status));
    text += "\r\n";
    add_field(text, "content-type", "application/json; charset=utf-8");
    add_field(text, "content-length", std::to_string(r.body.size()));
    add_field(text, "x-request-id", r.request_id);
    add_field(text, "connection", keep_alive ? "keep-alive" : "close");
    for (auto const& [name, value] : r.headers)
        add_field(text, name, value);
    text += "\r\n";
    if (!is_head) text += r.body;
    return text;
}

} // namespace bctrl::emulator
