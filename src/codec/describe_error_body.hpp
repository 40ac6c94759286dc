#pragma once

#include "codec/describe.hpp"
#include "codec/error_body.hpp"

#include <span>

namespace bctrl::codec {

template <>
struct description<error_body> {
    static constexpr member_descriptor members[] = {
        member<&error_body::message>("error"),
        member<&error_body::code>("code"),
        unless_empty<&error_body::request_id>("requestId"),
        unless_empty<&error_body::reason_class>("reasonClass"),
        unless_empty<&error_body::hint>("hint"),
        unless_empty<&error_body::details>("details"),
    };
};

template <>
struct description<open_object> {
    static constexpr std::span<member_descriptor const> members{};
};

} // namespace bctrl::codec
