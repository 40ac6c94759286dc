#include <bctrl/testing/durable_work.hpp>

#include <bctrl/testing/replies.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace bctrl::testing {

namespace {

/// What a request asks of which piece of work.
struct question {
    bool of_invocation = false;
    bool waits = false;
    std::string id;
};

/// Reads `…/operations/{id}`, `…/operations/{id}/wait`, and the same of invocations. No identifier holds
/// a slash: a client sends it percent-encoded.
std::optional<question> read(seen_request const& asked) {
    auto path = asked.path();
    question read;
    read.waits = path.ends_with("/wait");
    if (read.waits) path.remove_suffix(5);
    if (asked.method != (read.waits ? "POST" : "GET")) return std::nullopt;

    auto const slash = path.rfind('/');
    if (slash == std::string_view::npos) return std::nullopt;
    read.id = path.substr(slash + 1);
    path = path.substr(0, slash);
    read.of_invocation = path.ends_with("/v1/invocations");
    if (!read.of_invocation && !path.ends_with("/v1/operations")) return std::nullopt;
    return read;
}

template <class Document>
reply told(bool as_wait, Document document) {
    return as_wait ? wait_answer(std::move(document)) : answer(document);
}

reply state(question const& what, durable_status status) {
    if (what.of_invocation) return told(what.waits, an_invocation(what.id, status));
    return told(what.waits, an_operation(what.id, status));
}

} // namespace

reply_function durable_work(std::chrono::milliseconds ends_at, durable_status how) {
    using std::chrono::milliseconds;
    return [ends_at, how](seen_request const& asked) -> std::optional<reply> {
        auto const what = read(asked);
        if (!what) return std::nullopt;
        auto const left = std::max(ends_at - asked.at, milliseconds{0});
        auto const held =
            what->waits ? asked.wait_time().value_or(milliseconds{0}) : milliseconds{0};
        return state(*what, left <= held ? how : durable_status::running)
            .after(std::min(left, held));
    };
}

} // namespace bctrl::testing
