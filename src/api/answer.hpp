#pragma once

#include "codec/codec.hpp"
#include "rpc/call.hpp"

#include <string>
#include <utility>

namespace bctrl {

/// The failure of a call whose answer is not the document that it should be.
rpc::call_failure unreadable_answer(rpc::endpoint const& where, rpc::call const& what,
                                    unsigned attempt, wire_response const& answer,
                                    codec::decode_error const& why);

/// Reads the document that a call was made for.
template <class T>
rpc::call_outcome<T> read_answer(rpc::endpoint const& where, rpc::call const& what,
                                 unsigned attempt, wire_response const& answer,
                                 std::size_t json_depth) {
    auto decoded = codec::decode<T>(answer.body, codec::decode_limits{json_depth});
    if (decoded) return std::move(decoded).template failing_with<rpc::call_failure>();
    return unreadable_answer(where, what, attempt, answer, decoded.error());
}

} // namespace bctrl
