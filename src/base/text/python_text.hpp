#pragma once

#include <string>
#include <string_view>

namespace malet::base {

/// Appends a text as Python's repr writes a str: in single quotes, or in double quotes when it
/// holds single ones only; \\, \n, \r, \t and other control characters are escaped. UTF-8 stays as
/// it is; other bytes are written as \xNN.
void append_python_string(std::string& out, std::string_view text);

/// Reads a Python string literal whose quote stands at `position`, and moves `position` behind it.
/// False when there is no whole literal.
[[nodiscard]] bool read_python_string(std::string_view text, std::size_t& position,
                                      std::string& value);

/// Whether a cell begins like a list of numbers and is no list, as one that was cut off. Integers
/// may have any length.
[[nodiscard]] bool is_broken_list(std::string_view cell);

/// The length of the UTF-8 sequence at `position`; 0 when it is malformed.
[[nodiscard]] std::size_t utf8_length(std::string_view text, std::size_t position);

/// Appends a code point as UTF-8.
void append_utf8(std::string& out, char32_t code_point);

}  // namespace malet::base
