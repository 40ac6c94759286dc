#pragma once

#include <bctrl/client.hpp>

#include <functional>
#include <optional>
#include <string>

namespace bctrl::test {

/// A call that failed, and everything that was said of it.
struct failed_call {
    error_code code;
    std::string said; ///< `what()` and every text of the details
};

/// Everything that a failure tells, in one text.
std::string all_said(request_error const& error);

/// Lets a call fail with `code`, at a server that repeats `echo` wherever it can.
/// @returns nothing if `code` is no enumerator of `errc`
std::optional<failed_call> provoke(errc code, std::string const& echo);

/// An answer that repeats `echo` in the reason, in every header that is read, and in `body`, where it
/// stands for each `@`.
std::string echoing_answer(std::string const& status, std::string const& content_type,
                           std::string body, std::string const& echo);

/// What an API says that repeats what it was sent.
inline constexpr auto* echoing_body =
    R"({"error":"no such key: @, @","code":"@","requestId":"@","reasonClass":"@","hint":"try not @",)"
    R"("details":{"@":["@",{"token":"Bearer @"}]}})";

/// A client with the canary for a key, asked for one call.
using asking = std::function<boost::asio::awaitable<void>(client&)>;
failed_call fail_with(client_config const& config, asking const& ask);

client_config config_with_canary(std::string const& base_url);

} // namespace bctrl::test
