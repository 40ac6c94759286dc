#pragma once

#include "emulator/service/failure.hpp"
#include "emulator/service/message.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <string>

namespace bctrl::emulator {

/// A request and what its connection needs to know of it.
struct incoming {
    request asked;
    bool keep_alive;
    bool is_head;
};

/// Parses one HTTP/1.1 request out of bytes that arrive bit by bit.
class request_parser {
public:
    enum class state { needs_more, complete, failed };

    request_parser();

    /// Takes what belongs to the request out of `bytes` and leaves the rest.
    state feed(std::string& bytes);

    /// Whether the client waits for leave to send its body. Asks for an answer once.
    bool take_expectation();

    /// @pre `feed` returned `complete`
    incoming take();

    /// @pre `feed` returned `failed`
    failure const& fault() const { return fault_; }

private:
    boost::beast::http::request_parser<boost::beast::http::string_body> parser_;
    bool expectation_taken_ = false;
    failure fault_{};
};

} // namespace bctrl::emulator
