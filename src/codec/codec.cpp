#include "codec/codec.hpp"

#include "codec/describe_error_body.hpp"
#include "codec/describe_invocation.hpp"
#include "codec/describe_operation.hpp"
#include "codec/document_reader.hpp"
#include "codec/document_writer.hpp"
#include "codec/json_string.hpp"

namespace bctrl::codec {
namespace {

template <class T>
outcome<T, decode_error> decode_strictly(std::string_view text, decode_limits limits) {
    static_assert(nesting_of(type_of<T>) <= most_frames);
    outcome<T, decode_error> result{std::in_place};
    if (auto failure = read_document(text, type_of<T>, &*result, limits))
        result = *std::move(failure);
    return result;
}

} // namespace

template <class T>
outcome<T, decode_error> decode(std::string_view text, decode_limits limits) {
    auto result = decode_strictly<T>(text, limits);
    if (result || result.error().kind != errc::malformed_json) return result;

    // Boost.JSON refuses lone surrogates. They are rare enough to look for them afterwards only.
    auto const mended = without_lone_surrogates(text);
    if (mended == text) return result;
    return decode_strictly<T>(mended, limits);
}

template <class T>
std::string encode(T const& value) {
    std::string out;
    write_value(out, type_of<T>, &value);
    return out;
}

template outcome<operation, decode_error> decode(std::string_view, decode_limits);
template outcome<operation_wait_result, decode_error> decode(std::string_view, decode_limits);
template outcome<invocation, decode_error> decode(std::string_view, decode_limits);
template outcome<invocation_wait_result, decode_error> decode(std::string_view, decode_limits);
template outcome<command_page, decode_error> decode(std::string_view, decode_limits);
template outcome<wait_request, decode_error> decode(std::string_view, decode_limits);
template outcome<invocation_request, decode_error> decode(std::string_view, decode_limits);
template outcome<error_body, decode_error> decode(std::string_view, decode_limits);
template outcome<open_object, decode_error> decode(std::string_view, decode_limits);
template outcome<std::string, decode_error> decode(std::string_view, decode_limits);
template outcome<json_text, decode_error> decode(std::string_view, decode_limits);

template std::string encode(operation const&);
template std::string encode(operation_wait_result const&);
template std::string encode(invocation const&);
template std::string encode(invocation_wait_result const&);
template std::string encode(command_page const&);
template std::string encode(wait_request const&);
template std::string encode(invocation_request const&);
template std::string encode(error_body const&);
template std::string encode(open_object const&);
template std::string encode(std::string const&);

} // namespace bctrl::codec
