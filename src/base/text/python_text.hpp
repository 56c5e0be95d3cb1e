#pragma once

#include <string>
#include <string_view>

namespace malet::base {

/// Appends a text as Python's repr writes a str: single quotes unless it holds those and no double
/// ones; \\, \n, \r, \t and other control characters escaped. UTF-8 passes through; bytes that are
/// no UTF-8 are written as \xNN.
void append_python_string(std::string& out, std::string_view text);

/// Reads a Python string literal that starts at `position` (at its quote) and moves `position`
/// behind it. False when it is none.
[[nodiscard]] bool read_python_string(std::string_view text, std::size_t& position,
                                      std::string& value);

/// Whether a cell begins as a list of numbers and is no list, as one that is cut off. Text may
/// begin with a bracket, too; integers may have any length.
[[nodiscard]] bool is_broken_list(std::string_view cell);

/// The length of the UTF-8 sequence at `position`, 0 where it is malformed.
[[nodiscard]] std::size_t utf8_length(std::string_view text, std::size_t position);

/// Appends a code point as UTF-8.
void append_utf8(std::string& out, char32_t code_point);

}  // namespace malet::base
