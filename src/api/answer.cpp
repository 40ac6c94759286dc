#include "api/answer.hpp"

#include "codec/error_body.hpp"
#include "codec/readable_text.hpp"

#include <string_view>

namespace bctrl {

namespace {

bool says_json(std::string_view content_type) {
    auto const type = content_type.substr(0, content_type.find(';'));
    return type.find("json") != std::string_view::npos ||
           type.find("JSON") != std::string_view::npos;
}

} // namespace

rpc::call_failure unreadable_answer(rpc::endpoint const& where, rpc::call const& what,
                                    unsigned attempt, wire_response const& answer,
                                    codec::decode_error const& why) {
    auto failed = where.fail(what, why.kind, why.path + " " + why.message);
    failed.details->status = answer.status;
    failed.details->attempts = attempt;
    failed.details->request_id =
        codec::readable_text(answer.request_id(), codec::longest_header_quote);
    auto const type =
        codec::readable_text(answer.header("content-type"), codec::longest_header_quote);
    auto const empty = answer.body.empty();
    if (!empty && (why.kind != errc::malformed_json || says_json(type))) return failed;
    // A page of a proxy or of another service: what it says is worth more than where it is no JSON.
    failed.code = errc::unexpected_content;
    failed.details->message =
        empty ? "the answer is empty where a document was due"
              : "the server answered " +
                    (type.empty() ? "without a content type" : "\"" + type + "\"") + ": " +
                    codec::read_error_body(answer.body).message;
    failed.details->hint = "Check that the base URL is that of the API and not of another site.";
    return failed;
}

} // namespace bctrl
