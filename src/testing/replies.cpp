#include <bctrl/testing/replies.hpp>

#include "codec/codec.hpp"
#include "codec/error_body.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <utility>

namespace bctrl::testing {

namespace {

namespace asio = boost::asio;

constexpr auto created = "2026-04-02T00:00:00.000Z";

/// What operations and invocations have in common.
template <class Durable>
void begin(Durable& work, durable_status status) {
    work.status = status;
    work.runtime_id = "runtime_1";
    work.runtime_kind = runtime_kind::browser;
    work.created_at = timestamp{created};
    if (status != durable_status::queued) work.started_at = timestamp{created};
    if (is_terminal(status)) work.finished_at = timestamp{created};
    if (status == durable_status::failed) {
        durable_error why;
        why.message = "it failed, as scripted";
        work.error = std::move(why);
    }
}

template <class T>
reply as_json(T const& what) {
    return answer(200, codec::encode(what));
}

/// An operation of that id and status, as the answer to a wait.
reply waited(std::string id, durable_status status) {
    return wait_answer(an_operation(std::move(id), status));
}

bool names_content(header_line const& each) {
    auto const is = [](char a, char b) { return (a | 0x20) == b; };
    constexpr std::string_view name = "content-type";
    return std::equal(each.first.begin(), each.first.end(), name.begin(), name.end(), is);
}

} // namespace

reply answer(int status, std::string body, std::vector<header_line> headers) {
    reply made;
    made.what = reply::kind::answer;
    made.status = status;
    made.body = std::move(body);
    made.headers = std::move(headers);
    auto const named = std::any_of(made.headers.begin(), made.headers.end(), names_content);
    if (!named && !made.body.empty()) made.headers.emplace_back("Content-Type", "application/json");
    return made;
}

reply answer(operation const& document) {
    return as_json(document);
}
reply answer(invocation const& document) {
    return as_json(document);
}
reply answer(operation_wait_result const& document) {
    return as_json(document);
}
reply answer(invocation_wait_result const& document) {
    return as_json(document);
}
reply answer(command_page const& document) {
    return as_json(document);
}

reply refusal(int status, std::string message, std::string code, std::vector<header_line> headers) {
    codec::error_body body;
    body.message = std::move(message);
    body.code = std::move(code);
    return answer(status, codec::encode(body), std::move(headers));
}

operation an_operation(std::string id, durable_status status) {
    operation made;
    made.id = std::move(id);
    begin(made, status);
    made.workspace_id = "workspace_1";
    made.runtime = "main";
    return made;
}

invocation an_invocation(std::string id, durable_status status) {
    invocation made;
    made.id = std::move(id);
    begin(made, status);
    made.execution_mode = execution_mode::durable;
    made.sequence_no = 1;
    made.space_id = "space_1";
    made.run_id = "run_1";
    made.step_count = 1;
    made.entry_call = "page.goto";
    return made;
}

reply wait_answer(operation document) {
    operation_wait_result made;
    made.timed_out_waiting = !is_terminal(document.status);
    made.operation = std::move(document);
    return as_json(made);
}

reply wait_answer(invocation document) {
    invocation_wait_result made;
    made.timed_out_waiting = !is_terminal(document.status);
    made.invocation = std::move(document);
    return as_json(made);
}

reply still_running(std::string id) {
    return waited(std::move(id), durable_status::running);
}

reply succeeded(std::string id) {
    return waited(std::move(id), durable_status::succeeded);
}

reply failed(std::string id, std::string message) {
    auto ended = an_operation(std::move(id), durable_status::failed);
    ended.error->message = std::move(message);
    return wait_answer(std::move(ended));
}

reply cancelled(std::string id) {
    return waited(std::move(id), durable_status::cancelled);
}

reply timed_out(std::string id) {
    return waited(std::move(id), durable_status::timed_out);
}

reply fault(errc error, reached how_far, std::string message, error_code cause) {
    reply made;
    made.what = reply::kind::fault;
    made.error = error;
    made.how_far = how_far;
    made.message = std::move(message);
    made.cause = cause;
    return made;
}

reply name_not_resolved() {
    return fault(errc::resolve_failed, reached::nothing_sent, "the host name could not be resolved",
                 asio::error::host_not_found);
}

reply connection_refused() {
    return fault(errc::connect_failed, reached::nothing_sent, "the connection was refused",
                 asio::error::connection_refused);
}

reply tls_failed() {
    return fault(errc::tls_failed, reached::nothing_sent, "the TLS handshake failed");
}

reply certificate_rejected() {
    return fault(errc::certificate_rejected, reached::nothing_sent,
                 "the certificate is not accepted");
}

reply not_processed() {
    return fault(errc::connection_lost, reached::nothing_sent,
                 "the server did not process the request");
}

reply queue_full() {
    return fault(errc::queue_full, reached::nothing_sent,
                 "too many calls wait for a connection already");
}

reply out_of_descriptors() {
    return fault(errc::too_many_descriptors, reached::nothing_sent, "there is no descriptor left",
                 asio::error::no_descriptors);
}

reply connection_reset() {
    return fault(errc::connection_lost, reached::request_sent, "the connection was reset",
                 asio::error::connection_reset);
}

reply connection_closed() {
    return fault(errc::connection_lost, reached::request_sent,
                 "the server closed the connection without an answer");
}

reply half_head() {
    return fault(errc::connection_lost, reached::answer_begun,
                 "the connection ended in the head of the answer");
}

reply half_body() {
    return fault(errc::connection_lost, reached::answer_begun,
                 "the connection ended in the body of the answer");
}

reply not_http() {
    return fault(errc::malformed_response, reached::answer_begun,
                 "the answer is not valid HTTP/1.1");
}

reply silence() {
    return {};
}

reply silence_in_body() {
    reply made;
    made.how_far = reached::answer_begun;
    return made;
}

} // namespace bctrl::testing
