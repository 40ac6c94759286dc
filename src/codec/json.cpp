#include <bctrl/json.hpp>

#include "codec/codec.hpp"

#include <bctrl/command_page.hpp>
#include <bctrl/error.hpp>
#include <bctrl/invocation.hpp>
#include <bctrl/json_text.hpp>
#include <bctrl/operation.hpp>

#include <memory>
#include <utility>

namespace bctrl {

template <class T>
std::string to_json(T const& value) {
    return codec::encode(value);
}

template <class T>
T from_json(std::string_view text) {
    auto read = codec::decode<T>(text);
    if (read) return *std::move(read);

    auto details = std::make_shared<error_details>();
    details->message = read.error().path + ": " + read.error().message;
    throw request_error{make_error_code(read.error().kind), std::move(details)};
}

std::optional<json_text> json_text::from(std::string_view text) {
    auto read = codec::decode<json_text>(text);
    if (!read) return std::nullopt;
    return *std::move(read);
}

template std::string to_json(operation const&);
template std::string to_json(operation_wait_result const&);
template std::string to_json(invocation const&);
template std::string to_json(invocation_wait_result const&);
template std::string to_json(command_page const&);

template operation from_json(std::string_view);
template operation_wait_result from_json(std::string_view);
template invocation from_json(std::string_view);
template invocation_wait_result from_json(std::string_view);
template command_page from_json(std::string_view);

} // namespace bctrl
