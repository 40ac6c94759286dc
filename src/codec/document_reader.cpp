#include "codec/document_reader.hpp"

#include "codec/event_target.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/error.hpp>

#include <string>

namespace bctrl::codec {
namespace {

namespace json = boost::json;

/// What Boost.JSON's parser calls. Strings and keys come in parts where they hold escapes;
/// everything else comes whole, because the parser is given the whole text at once.
class parser_events {
public:
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);

    parser_events(type_descriptor const& type, void* object) noexcept : target_{type, object} {}

    event_target const& target() const noexcept { return target_; }

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }
    bool on_object_begin(json::error_code& ec) { return report(target_.begin_object(), ec); }
    bool on_object_end(std::size_t, json::error_code& ec) {
        return report(target_.end_object(), ec);
    }
    bool on_array_begin(json::error_code& ec) { return report(target_.begin_array(), ec); }
    bool on_array_end(std::size_t, json::error_code& ec) { return report(target_.end_array(), ec); }

    bool on_key_part(json::string_view part, std::size_t, json::error_code&) { return keep(part); }
    bool on_key(json::string_view part, std::size_t, json::error_code& ec) {
        bool const good = target_.key(whole(part));
        parts_.clear();
        return report(good, ec);
    }
    bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
        return keep(part);
    }
    bool on_string(json::string_view part, std::size_t, json::error_code& ec) {
        bool const good = target_.string(whole(part));
        parts_.clear();
        return report(good, ec);
    }

    bool on_number_part(json::string_view, json::error_code&) { return true; }
    bool on_int64(std::int64_t, json::string_view text, json::error_code& ec) {
        return number(text, ec);
    }
    bool on_uint64(std::uint64_t, json::string_view text, json::error_code& ec) {
        return number(text, ec);
    }
    bool on_double(double, json::string_view text, json::error_code& ec) {
        return number(text, ec);
    }
    bool on_bool(bool value, json::error_code& ec) { return report(target_.boolean(value), ec); }
    bool on_null(json::error_code& ec) { return report(target_.null(), ec); }

    bool on_comment_part(json::string_view, json::error_code&) { return true; }
    bool on_comment(json::string_view, json::error_code&) { return true; }

private:
    /// The parser wants a code for every event that is refused; the reason is in
    /// `target_.failure()`.
    static bool report(bool good, json::error_code& ec) {
        if (!good) ec = json::error::exception;
        return good;
    }

    bool number(json::string_view text, json::error_code& ec) {
        return report(target_.number({text.data(), text.size()}), ec);
    }

    bool keep(json::string_view part) {
        parts_.append(part.data(), part.size());
        return true;
    }

    std::string_view whole(json::string_view last_part) {
        if (parts_.empty()) return {last_part.data(), last_part.size()};
        keep(last_part);
        return parts_;
    }

    event_target target_;
    std::string parts_;
};

std::string at_byte(std::string what, std::size_t offset) {
    return std::move(what) + " at byte " + std::to_string(offset);
}

decode_error explain(json::error_code const& code, std::string path, std::size_t offset,
                     decode_limits limits) {
    if (code == json::error::too_deep)
        return {errc::unexpected_document, std::move(path),
                "is nested deeper than " + std::to_string(limits.depth) + " levels"};
    if (code == json::error::incomplete)
        return {errc::malformed_json, std::move(path), at_byte("the text ends too early,", offset)};
    return {errc::malformed_json, std::move(path), at_byte(code.message(), offset)};
}

} // namespace

std::optional<decode_error> read_document(std::string_view text, type_descriptor const& type,
                                          void* target, decode_limits limits) {
    json::parse_options options;
    options.max_depth = limits.depth;
    json::basic_parser<parser_events> parser{options, type, target};

    json::error_code code;
    auto const used = parser.write_some(false, text.data(), text.size(), code);
    auto const& events = parser.handler().target();
    if (events.failure()) return events.failure();
    if (code) return explain(code, events.path(), used, limits);
    if (used < text.size())
        return decode_error{errc::malformed_json, "$",
                            at_byte("the document is followed by other text", used)};
    return std::nullopt;
}

} // namespace bctrl::codec
