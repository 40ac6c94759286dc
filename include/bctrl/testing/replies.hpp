#pragma once

#include <bctrl/command_page.hpp>
#include <bctrl/invocation.hpp>
#include <bctrl/operation.hpp>
#include <bctrl/testing/reply.hpp>

#include <string>
#include <vector>

/// @file
/// What a scripted server can reply. Faults end an attempt with the very codes, and in the same
/// distance from the server, as the real thing does over a network.
/// @par Thread safety  Every function here is safe from any thread.

namespace bctrl::testing {

/// An answer with a JSON body, or with none if `body` is empty. Other content is announced by a
/// `Content-Type` among `headers`.
reply answer(int status, std::string body, std::vector<header_line> headers = {});

/// 200 with the document of an operation, as `operations.get` and `operations.cancel` expect it.
reply answer(operation const& document);
/// 200 with the document of an invocation, as `invocations.get` and `invocations.cancel` expect it.
reply answer(invocation const& document);
/// 200 with the result of a wait for an operation.
reply answer(operation_wait_result const& document);
/// 200 with the result of a wait for an invocation.
reply answer(invocation_wait_result const& document);
/// 200 with a page of the commands of a run.
reply answer(command_page const& document);

/// An answer of a bad status with the body that the API's refusals have.
/// @param code the API's code, as in "operation.not_found"; may be empty
reply refusal(int status, std::string message, std::string code = {},
              std::vector<header_line> headers = {});

/// An operation with everything that the contract requires, to be changed at will.
operation an_operation(std::string id, durable_status status = durable_status::running);
/// An invocation with everything that the contract requires, to be changed at will.
invocation an_invocation(std::string id, durable_status status = durable_status::running);

/// The answer to a wait: `document`, and `timedOutWaiting` unless it has ended.
reply wait_answer(operation document);
/// The answer to a wait: `document`, and `timedOutWaiting` unless it has ended.
reply wait_answer(invocation document);

/// The answer to `operations.wait` while the work goes on. A real server gives it when the time is up
/// that the request asks for; so does `still_running(id).after(…)`.
reply still_running(std::string id);
/// The answer to `operations.wait` when the work has succeeded.
reply succeeded(std::string id);
/// The answer to `operations.wait` when the work has failed.
/// @param message why, for people: `operation::error`
reply failed(std::string id, std::string message);
/// The answer to `operations.wait` when the work was cancelled.
reply cancelled(std::string id);
/// The answer to `operations.wait` when the work itself ran out of time.
reply timed_out(std::string id);

/// Any other fault: the attempt ends with `error`.
/// @param cause the error of the system below it, if there is to be one
reply fault(errc error, reached how_far, std::string message = "a fault as scripted",
            error_code cause = {});

/// The host name has no address: `errc::resolve_failed`, nothing sent.
reply name_not_resolved();
/// Nobody listens at the address: `errc::connect_failed`, nothing sent.
reply connection_refused();
/// The TLS handshake fails: `errc::tls_failed`, nothing sent.
reply tls_failed();
/// The certificate is not trusted: `errc::certificate_rejected`, nothing sent.
reply certificate_rejected();
/// The connection is up, and the server tells that it never processed the request, as a server that
/// shuts down in order does: `errc::connection_lost`, nothing sent.
reply not_processed();
/// Too many calls wait for a connection already: `errc::queue_full`, nothing sent.
reply queue_full();
/// The process has no descriptor left for a connection: `errc::too_many_descriptors`, nothing sent.
reply out_of_descriptors();
/// The connection is reset after the request was sent: `errc::connection_lost`.
reply connection_reset();
/// The server closes the connection without an answer: `errc::connection_lost`.
reply connection_closed();
/// The connection ends inside the head of the answer: `errc::connection_lost`.
reply half_head();
/// The connection ends inside the body of the answer: `errc::connection_lost`.
reply half_body();
/// What answers does not speak HTTP: `errc::malformed_response`.
reply not_http();
/// The request is taken, and nothing ever comes back.
reply silence();
/// A part of the answer comes, and then nothing more.
reply silence_in_body();

} // namespace bctrl::testing
