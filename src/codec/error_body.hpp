#pragma once

#include <bctrl/json_text.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace bctrl::codec {

/// What the API says when it refuses a call. Empty members are absent.
struct error_body {
    std::string message; ///< `error` in the document
    std::string code;
    std::string request_id;
    std::string reason_class;
    std::string hint;
    json_text details;
    std::vector<json_member> other_members;

    friend bool operator==(error_body const&, error_body const&) = default;
};

/// An object that nothing is known of.
struct open_object {
    std::vector<json_member> other_members;

    friend bool operator==(open_object const&, open_object const&) = default;
};

/// Makes the most of whatever came with a bad status; never fails.
///
/// The message is the text in `error`, else the text in `message` of an object in `error`, else the
/// text in `message`, else the body itself; an HTML page is named as such, by its title. Texts are
/// cut to a readable length between characters, and control characters become spaces, so that no
/// server can write into a terminal or a log. Members of a type that makes no sense are left out.
/// An empty body gives an empty message: the reason phrase of the status is the caller's.
error_body read_error_body(std::string_view body);

} // namespace bctrl::codec
