#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace malet::base {

[[nodiscard]] constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Whether a character is one of ASCII's control characters, tabs and line breaks included.
[[nodiscard]] constexpr bool is_control(char c) {
  return (c >= '\0' && c < ' ') || c == '\x7f';
}

/// The number that a text of nothing but digits stands for; nothing for any other text, or beyond
/// 64 bits.
[[nodiscard]] std::optional<std::uint64_t> whole_number(std::string_view text);

/// Removes the first line and its line break from a text; returns the line without it.
[[nodiscard]] std::string_view take_line(std::string_view& text);

/// A text for use in a sentence: line breaks and control characters become blanks, and it is cut
/// (`..`) to `most` characters.
[[nodiscard]] std::string excerpt(std::string_view text, std::size_t most = 40);

/// Why a log's column cannot have this name, as the end of a sentence ("begins or ends with a
/// blank"); empty when it can.
[[nodiscard]] std::string_view name_flaw(std::string_view name);

/// A name in single quotes for messages, always on one line.
[[nodiscard]] std::string quoted_name(std::string_view name);

}  // namespace malet::base
