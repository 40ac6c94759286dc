#include "json_compare.hpp"

#include <boost/json.hpp>

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace bctrl::codec {
namespace {

namespace json = boost::json;

/// Numbers become strings, so that no comparison rounds them.
std::string with_quoted_numbers(std::string_view text) {
    std::string out;
    bool in_string = false;
    bool in_number = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[i];
        bool const of_number =
            !in_string && std::string_view{"+-.0123456789eE"}.find(c) != std::string_view::npos &&
            (in_number || c == '-' || (c >= '0' && c <= '9'));
        if (of_number != in_number) out += of_number ? "\"#" : "\"";
        in_number = of_number;
        out += c;
        if (in_string && c == '\\') {
            out += text[++i];
        } else if (c == '"') {
            in_string = !in_string;
        }
    }
    return in_number ? out + '"' : out;
}

json::value parse(std::string_view text) {
    json::parse_options options;
    options.max_depth = 1000;
    auto const quoted = with_quoted_numbers(text);
    return json::parse({quoted.data(), quoted.size()}, {}, options);
}

} // namespace

testing::AssertionResult same_json(std::string_view left, std::string_view right) {
    if (parse(left) == parse(right)) return testing::AssertionSuccess();
    return testing::AssertionFailure() << "\n  " << left << "\nis not\n  " << right;
}

std::string read_test_file(std::string_view name) {
    std::ifstream file{std::string{BCTRL_TEST_DATA "/"} + std::string{name}, std::ios::binary};
    if (!file) throw std::runtime_error{"no test file " + std::string{name}};
    return {std::istreambuf_iterator<char>{file}, {}};
}

} // namespace bctrl::codec
