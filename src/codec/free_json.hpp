#pragma once

#include "codec/json_string.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace bctrl::codec {

/// Writes the events of a JSON parser down again as compact text.
class free_json_writer {
public:
    /// Forgets what was written, but keeps the memory for the next value.
    void clear() noexcept {
        text_.clear();
        open_ = 0;
    }

    std::string const& text() const noexcept { return text_; }

    /// Whether one whole value was written.
    bool complete() const noexcept { return open_ == 0 && !text_.empty(); }

    void begin(char bracket) {
        separate();
        text_ += bracket;
        ++open_;
    }

    void end(char bracket) {
        text_ += bracket;
        --open_;
    }

    void key(std::string_view name) {
        separate();
        append_json_string(text_, name);
        text_ += ':';
    }

    void string(std::string_view text) {
        separate();
        append_json_string(text_, text);
    }

    /// The same for text from anywhere.
    void repaired_string(std::string_view text) {
        separate();
        append_repaired_json_string(text_, text);
    }

    /// A number, true, false or null.
    void literal(std::string_view text) {
        separate();
        text_ += text;
    }

private:
    /// A value or key follows another one unless a bracket has just been opened or a key been
    /// written. No string can be mistaken for these: it ends with a quotation mark.
    void separate() {
        if (text_.empty()) return;
        char const last = text_.back();
        if (last != '[' && last != '{' && last != ':') text_ += ',';
    }

    std::string text_;
    std::size_t open_ = 0;
};

} // namespace bctrl::codec
