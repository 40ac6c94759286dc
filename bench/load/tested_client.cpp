#include "load/tested_client.hpp"

#include <boost/asio/error.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

#include <optional>
#include <random>

namespace bctrl::bench {

namespace {

using namespace std::chrono_literals;

client_config config_for(arguments const& asked) {
    auto config = client_config::from_environment();
    config.base_url = asked.base_url;
    config.ca_file = asked.ca_file;
    config.http = asked.http == 1 ? http_version::http1 : http_version::http2;
    config.call_timeout = 120s;
    // A slice that ends in the middle of a bench would be measured with it.
    config.wait.slice = 600s;
    // Nothing may hide a lost call.
    config.retry.attempts = 1;
    // Waits over HTTP/1.1 take a connection each, all at once: the pace would be all that is measured.
    if (asked.http == 1) config.limits.dials_per_second = 1'000'000;
    if (asked.max_streams > 0) config.limits.streams_per_connection = asked.max_streams;
    return config;
}

/// The lower bits of `value`, one hexadecimal digit each four. Not printf: it would take a tenth of
/// what a call takes.
void put_hex(std::string& text, std::size_t at, std::size_t digits, unsigned value) {
    for (auto place = at + digits; place > at; value >>= 4U)
        text[--place] = "0123456789abcdef"[value & 0xfU];
}

std::string random_tag() {
    std::string tag(8, '0');
    put_hex(tag, 0, tag.size(), std::random_device{}());
    return tag;
}

} // namespace

tested_client::tested_client(arguments const& asked)
    : client_{context_.get_executor(), config_for(asked)}, tag_{random_tag()} {}

std::string tested_client::id(std::size_t index, std::string_view ending) const {
    auto const n = static_cast<unsigned>(index);
    std::string text;
    text.reserve(tag_.size() + 20 + ending.size());
    text.append(tag_).append("-0000-4000-8000-0000");
    put_hex(text, tag_.size() + 1, 4, n >> 16U);
    put_hex(text, text.size() - 4, 4, n);
    return text.append(ending);
}

std::string tested_client::id(std::size_t index, std::chrono::milliseconds life) const {
    auto text = id(index, "00000000");
    put_hex(text, text.size() - 8, 8, static_cast<unsigned>(life.count()));
    return text;
}

void tested_client::warm_up() {
    tally seen;
    client_.operations().get(id(0, "00000000"), [&](error_code code, operation got) {
        if (code) throw bench_failed{"the server does not answer: " + code.message()};
        seen.take(code, got);
    });
    run_until([&] { return seen.ended() == 1; });
}

boost::json::object tested_client::administer(
    std::string const& method, std::string const& path,
    std::vector<std::pair<std::string, std::string>> query) {
    request what{method, path};
    for (auto const& [key, value] : query)
        what.query(key, value);
    std::optional<boost::json::object> answer;
    client_.send(what, [&](error_code code, response got) {
        if (code) throw bench_failed{path + ": " + code.message()};
        answer = boost::json::parse(got.body).as_object();
    });
    run_until([&] { return answer.has_value(); });
    return *answer;
}

void tested_client::await_parked(std::size_t count) {
    auto const seen =
        administer("GET", "/admin/parked",
                   {{"op", "ge"}, {"count", std::to_string(count)}, {"timeoutMs", "100000"}});
    if (boost::json::value_to<std::size_t>(seen.at("parked")) < count)
        throw bench_failed{"not all waits were parked within 100 s"};
}

void tested_client::release() {
    administer("POST", "/admin/release");
}

void tally::wrong(std::string what) {
    ++errors_;
    if (first_error_.empty()) first_error_ = std::move(what);
}

void tally::take(error_code code, operation const& got, bool timed_out) {
    ++ended_;
    if (code) return wrong(code.message());
    if (timed_out) return wrong("it timed out waiting");
    if (got.status != durable_status::succeeded) return wrong("it has another status");
    ++ok_;
}

void tally::take_cancelled(error_code code) {
    ++ended_;
    if (code != boost::asio::error::operation_aborted)
        return wrong("not cancelled: " + code.message());
    ++ok_;
}

void tally::take_hidden_faults(client_stats const& seen) {
    for (auto n = seen.wait_faults + seen.retries; n > 0; --n)
        wrong("a request was lost, and sent again");
}

void tally::report(boost::json::object& into) const {
    into["ok"] = ok_;
    into["errors"] = errors_;
    into["first_error"] = first_error_;
}

} // namespace bctrl::bench
