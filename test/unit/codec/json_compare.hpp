#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace bctrl::codec {

/// Whether both texts are the same JSON document, members in any order, every number digit by
/// digit. Judged by Boost.JSON, which the codec's own descriptions have no part in.
testing::AssertionResult same_json(std::string_view left, std::string_view right);

std::string read_test_file(std::string_view name);

} // namespace bctrl::codec
