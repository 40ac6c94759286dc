#include "answer_example.hpp"

namespace bctrl::http1 {
namespace {

using namespace std::string_literals;

std::string const ok = "HTTP/1.1 200 OK\r\n";
std::string const one = "Content-Length: 1\r\n\r\nx";
std::string const chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";

/// A head of `size` bytes that announces one byte.
std::string head_of(std::size_t size) {
    auto const around = ok + "X: \r\nContent-Length: 1\r\n\r\n";
    return ok + "X: " + std::string(size - around.size(), 'h') + "\r\nContent-Length: 1\r\n\r\n";
}

std::string tiny_chunks(int count, std::string const& extension) {
    auto text = chunked;
    for (int n = 0; n < count; ++n)
        text += "1" + extension + "\r\na\r\n";
    return text + "0\r\n\r\n";
}

reading malformed() {
    return wrong(errc::malformed_response);
}

example starts(char const* name, std::string const& line) {
    return {name, line + one, malformed()};
}
example has(char const* name, std::string const& fields) {
    return {name, ok + fields + one, malformed()};
}
example framed(char const* name, std::string const& fields) {
    return {name, ok + fields + "\r\nhello", malformed()};
}
example has_chunks(char const* name, std::string const& body) {
    return {name, chunked + body, malformed()};
}

std::vector<example> status_lines() {
    return {
        starts("no_blank_behind_the_status", "HTTP/1.1 200\r\n"),
        starts("two_digits", "HTTP/1.1 20 OK\r\n"),
        starts("four_digits", "HTTP/1.1 2000 OK\r\n"),
        starts("negative_status", "HTTP/1.1 -20 OK\r\n"),
        starts("status_000", "HTTP/1.1 000 No\r\n"),
        starts("status_099", "HTTP/1.1 099 No\r\n"),
        starts("two_blanks", "HTTP/1.1  200 OK\r\n"),
        starts("tab_for_a_blank", "HTTP/1.1\t200 OK\r\n"),
        starts("blank_in_front", " HTTP/1.1 200 OK\r\n"),
        starts("empty_line_in_front", "\r\nHTTP/1.1 200 OK\r\n"),
        starts("small_letters", "http/1.1 200 OK\r\n"),
        starts("version_0_9", "HTTP/0.9 200 OK\r\n"),
        starts("version_1_2", "HTTP/1.2 200 OK\r\n"),
        starts("version_1_10", "HTTP/1.10 200 OK\r\n"),
        starts("no_version", "HTTP 200 OK\r\n"),
        starts("icy", "ICY 200 OK\r\n"),
        starts("zero_byte_in_the_reason", "HTTP/1.1 200 O\0K\r\n"s),
        starts("bare_cr_in_the_reason", "HTTP/1.1 200 O\rK\r\n"),
        starts("line_feed_alone_behind_the_status", "HTTP/1.1 200 OK\n"),
        {"status_600", "HTTP/1.1 600 Odd\r\n" + one, complete(600, "x", 1)},
        {"status_999", "HTTP/1.1 999 Odd\r\n" + one, complete(999, "x", 1)},
        {"reason_of_other_letters", "HTTP/1.1 200 \xc3\xa4\r\n" + one, complete(200, "x", 1)},
        {"all_interim_statuses",
         "HTTP/1.1 100 C\r\n\r\nHTTP/1.1 102 P\r\n\r\nHTTP/1.1 103 E\r\nLink: x\r\n\r\n"
         "HTTP/1.1 199 Odd\r\n\r\n" +
             ok + one,
         complete(200, "x", 1)},
        {"interim_with_a_length", "HTTP/1.1 100 C\r\nContent-Length: 5\r\n\r\n" + ok + one,
         complete(200, "x", 1)},
        {"other_protocol_after_interim",
         "HTTP/1.1 100 C\r\n\r\nHTTP/1.1 101 S\r\nUpgrade: h2c\r\n\r\n", malformed()},
        {"interim_without_end", "HTTP/1.1 100 C\r\n\r\n", wrong(errc::connection_lost),
         peer::closes},
    };
}

std::vector<example> fields() {
    return {
        has("blank_before_the_colon", "X : 1\r\n"),
        has("tab_before_the_colon", "X\t: 1\r\n"),
        has("no_name", ": 1\r\n"),
        has("parenthesis_in_a_name", "X(: 1\r\n"),
        has("at_sign_in_a_name", "X@Y: 1\r\n"),
        has("blank_in_a_name", "X Y: 1\r\n"),
        has("other_letters_in_a_name", "\xc3\xa4: 1\r\n"),
        has("zero_byte_in_a_name", "X\0Y: 1\r\n"s),
        has("zero_byte_in_a_value", "X: a\0b\r\n"s),
        has("control_byte_in_a_value", "X: a\x01g\r\n"),
        has("delete_in_a_value", "X: a\x7fg\r\n"),
        has("bare_cr_in_a_value", "X: a\rb\r\n"),
        has("bare_cr_at_the_end_of_a_line", "X: a\rY: b\r\n"),
        has("line_feed_alone", "X: a\nY: b\r\n"),
        has("folded_first_line", " X: 1\r\n"),
        {"odd_names", ok + "X_Y.Z~!#$%&'*+-^`|1: 1\r\n" + one, complete(200, "x", 2)},
        {"empty_value", ok + "X:\r\nY: \t \r\n" + one, complete(200, "x", 3)},
        {"tab_in_a_value", ok + "X: a\tb\r\n" + one, complete(200, "x", 2)},
        {"other_letters_in_a_value", ok + "X: \xc3\xa4\xff\r\n" + one, complete(200, "x", 2)},
        {"folded", ok + "X: a\r\n b\r\n" + one, complete(200, "x", 2)},
        {"folded_length", ok + "Content-Length:\r\n 1\r\n\r\nx", complete(200, "x", 1)},
        {"folded_encoding", ok + "Transfer-Encoding:\r\n\tchunked\r\n\r\n0\r\n\r\n",
         complete(200, "", 1)},
        {"header_limit_met", head_of(512) + "x", complete(200, "x", 2)},
        {"header_limit_missed_by_one", head_of(513) + "x", wrong(errc::header_too_large)},
    };
}

std::vector<example> lengths() {
    return {
        framed("signed_length", "Content-Length: +5\r\n"),
        framed("length_in_hex", "Content-Length: 0x5\r\n"),
        framed("length_with_a_fraction", "Content-Length: 5.0\r\n"),
        framed("empty_length", "Content-Length:\r\n"),
        framed("length_with_a_blank", "Content-Length: 5 5\r\n"),
        framed("length_with_a_parameter", "Content-Length: 5;a=b\r\n"),
        framed("length_and_an_empty_element", "Content-Length: 5,\r\n"),
        framed("length_in_a_text", "Content-Length: \"5\"\r\n"),
        framed("different_lengths_in_a_list", "Content-Length: 5, 4\r\n"),
        framed("different_lengths", "Content-Length: 5\r\nX: 1\r\nContent-Length: 4\r\n"),
        framed("overflowing_length", "Content-Length: 18446744073709551616\r\n"),
        framed("overflowing_length_back_to_five", "Content-Length: 18446744073709551621\r\n"),
        {"largest_length", ok + "Content-Length: 18446744073709551615\r\n\r\n",
         wrong(errc::body_too_large)},
        {"blanks_around_a_length", ok + "Content-Length: \t5 \t\r\n\r\nhello",
         complete(200, "hello", 1)},
        {"zeros_in_front_of_a_length", ok + "Content-Length: 005\r\n\r\nhello",
         complete(200, "hello", 1)},
        // The same length twice is what a proxy makes of two headers; RFC 9110 allows it (8.6).
        {"same_length_in_a_list", ok + "Content-Length: 5, 5\r\n\r\nhello",
         complete(200, "hello", 1)},
        {"same_length_twice", ok + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
         complete(200, "hello", 2)},
    };
}

std::vector<example> transfer_encodings() {
    auto const with = [](char const* name, std::string const& value) {
        return example{name, ok + "Transfer-Encoding: " + value + "\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                       malformed()};
    };
    return {
        with("gzip_and_chunked", "gzip, chunked"),
        with("chunked_and_gzip", "chunked, gzip"),
        with("gzip_alone", "gzip"),
        with("chunked_twice", "chunked, chunked"),
        with("chunked_twice_in_two_lines", "chunked\r\nTransfer-Encoding: chunked"),
        with("chunked_and_gzip_in_two_lines", "chunked\r\nTransfer-Encoding: gzip"),
        with("gzip_and_chunked_in_two_lines", "gzip\r\nTransfer-Encoding: chunked"),
        with("identity", "identity"),
        with("no_encoding", ""),
        with("chunked_with_a_parameter", "chunked;a=b"),
        with("nearly_chunked", "xchunked"),
        with("chunked_in_a_text", "\"chunked\""),
        with("chunked_behind_a_comma", ",chunked"),
        with("identity_and_a_length", "identity\r\nContent-Length: 18"),
        {"chunked_in_other_letters",
         ok + "transfer-encoding: CHUNKED\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
         complete(200, "hello", 1)},
        {"old_and_chunked", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         malformed()},
        {"old_and_both_framings",
         "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
         malformed()},
        {"to_head_with_both_framings",
         ok + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", malformed(), peer::stays,
         true},
        {"no_content_with_both_framings",
         "HTTP/1.1 204 No\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", malformed()},
    };
}

std::vector<example> chunks() {
    return {
        has_chunks("signed_chunk", "+1\r\na\r\n0\r\n\r\n"),
        has_chunks("negative_chunk", "-1\r\na\r\n0\r\n\r\n"),
        has_chunks("chunk_with_a_prefix", "0x1\r\na\r\n0\r\n\r\n"),
        has_chunks("blank_in_front_of_a_chunk", " 1\r\na\r\n0\r\n\r\n"),
        has_chunks("no_chunk_size", "\r\na\r\n0\r\n\r\n"),
        has_chunks("extension_without_a_size", ";a=b\r\na\r\n0\r\n\r\n"),
        has_chunks("line_feed_behind_a_size", "1\na\r\n0\r\n\r\n"),
        has_chunks("line_feed_behind_a_chunk", "1\r\na\n0\r\n\r\n"),
        has_chunks("line_feed_in_an_extension", "1;a\nb\r\na\r\n0\r\n\r\n"),
        has_chunks("zero_byte_in_an_extension", "1;a=\0\r\na\r\n0\r\n\r\n"s),
        has_chunks("text_behind_a_size", "1 x\r\na\r\n0\r\n\r\n"),
        has_chunks("chunk_longer_than_told", "1\r\nab\r\n0\r\n\r\n"),
        has_chunks("chunk_shorter_than_told", "3\r\na\r\n0\r\n\r\n"),
        has_chunks("length_in_a_trailer", "1\r\na\r\n0\r\nContent-Length: 1\r\n\r\n"),
        has_chunks("encoding_in_a_trailer", "1\r\na\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n"),
        has_chunks("zero_byte_in_a_trailer", "0\r\nX: \0\r\n\r\n"s),
        has_chunks("blank_before_a_colon_in_a_trailer", "0\r\nX : 1\r\n\r\n"),
        has_chunks("overflowing_chunk_back_to_one", "10000000000000001\r\na\r\n0\r\n\r\n"),
        {"zeros_in_front_of_a_chunk", chunked + "0001\r\na\r\n00\r\n\r\n", complete(200, "a", 1)},
        {"chunk_in_other_letters", chunked + "A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n",
         complete(200, "01234567890123456789", 1)},
        {"quoted_extension", chunked + "1;a=\"b;\\\"\r c\"\r\na\r\n0\r\n\r\n", malformed()},
        {"many_extensions", chunked + "1;a;b=c;d=\"e f\"\r\na\r\n0;g=h\r\n\r\n",
         complete(200, "a", 1)},
        {"chunks_of_one", tiny_chunks(64, ""), complete(200, std::string(64, 'a'), 1)},
        {"hardly_anything_but_extensions", tiny_chunks(64, ";" + std::string(60, 'e')),
         wrong(errc::header_too_large)},
        {"trailer_limit", chunked + "0\r\nX: " + std::string(520, 't') + "\r\n\r\n",
         wrong(errc::header_too_large)},
    };
}

std::vector<example> bodies_where_none_may_be() {
    return {
        {"no_content_with_a_length", "HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\n",
         last(204, "", 1)},
        {"no_content_with_chunks", "HTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\n\r\n",
         last(204, "", 1)},
        {"no_content_with_a_length_of_zero", "HTTP/1.1 204 No\r\nContent-Length: 0\r\n\r\n",
         complete(204, "", 1)},
        {"reset_content", "HTTP/1.1 205 Reset\r\nContent-Length: 0\r\n\r\n", complete(205, "", 1)},
    };
}

} // namespace

std::vector<example> const& hostile_examples() {
    static std::vector<example> const all = [] {
        std::vector<example> made;
        for (auto const& table : {status_lines(), fields(), lengths(), transfer_encodings(),
                                  chunks(), bodies_where_none_may_be()})
            made.insert(made.end(), table.begin(), table.end());
        return made;
    }();
    return all;
}

} // namespace bctrl::http1
