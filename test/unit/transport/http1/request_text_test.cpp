#include "transport/http1/exchange.hpp"

#include <gtest/gtest.h>

namespace bctrl::http1 {
namespace {

constexpr auto* origin = "Host: api.example\r\nAuthorization: Bearer k\r\n";

struct example {
    char const* name;
    wire_request request;
    std::string expected;
};

std::vector<example> examples() {
    return {
        {"get",
         {"GET", "/v1/operations/op_1", "", {}},
         "GET /v1/operations/op_1 HTTP/1.1\r\nHost: api.example\r\nAuthorization: Bearer "
         "k\r\n\r\n"},
        {"head",
         {"HEAD", "/", "", {}},
         "HEAD / HTTP/1.1\r\nHost: api.example\r\nAuthorization: Bearer k\r\n\r\n"},
        {"post_without_body",
         {"POST", "/v1/x", "", {}},
         "POST /v1/x HTTP/1.1\r\nHost: api.example\r\nAuthorization: Bearer k\r\n"
         "Content-Length: 0\r\n\r\n"},
        {"delete_without_body",
         {"DELETE", "/v1/x", "", {}},
         "DELETE /v1/x HTTP/1.1\r\nHost: api.example\r\nAuthorization: Bearer k\r\n"
         "Content-Length: 0\r\n\r\n"},
        {"post_with_body",
         {"POST", "/v1/x?a=b", "{\"a\":1}", {}},
         "POST /v1/x?a=b HTTP/1.1\r\nHost: api.example\r\nAuthorization: Bearer k\r\n"
         "Content-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}"},
        {"headers_of_its_own",
         {"PUT", "/v1/x", "1", {{"Idempotency-Key", "i"}, {"X-Empty", ""}}},
         "PUT /v1/x HTTP/1.1\r\nHost: api.example\r\nAuthorization: Bearer k\r\n"
         "Idempotency-Key: i\r\nX-Empty: \r\n"
         "Content-Type: application/json\r\nContent-Length: 1\r\n\r\n1"},
    };
}

class request : public ::testing::TestWithParam<example> {};

TEST_P(request, is_written_so) {
    EXPECT_EQ(request_text(GetParam().request, origin), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(all, request, ::testing::ValuesIn(examples()),
                         [](auto const& of) { return std::string{of.param.name}; });

} // namespace
} // namespace bctrl::http1
