#include "base/text/python_text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <iterator>

#include "base/text/text_parts.hpp"

namespace malet::base {

namespace {

void append_escaped_byte(std::string& out, char byte) {
  const auto at = std::string_view("\n\r\t").find(byte);
  if (at != std::string_view::npos) {
    out.append("\\").append(1, "nrt"[at]);
  } else {
    fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(byte));
  }
}

/// Reads the digits of \xNN, \uNNNN or \UNNNNNNNN.
bool read_hex_escape(std::string_view text, std::size_t& position, std::size_t digits,
                     std::string& value) {
  if (text.size() - position < digits) return false;
  std::uint32_t code = 0;
  const char* first = text.data() + position;
  const auto end = std::from_chars(first, first + digits, code, 16);
  if (end.ptr != first + digits || code > 0x10FFFF) return false;
  position += digits;
  append_utf8(value, static_cast<char32_t>(code));
  return true;
}

bool read_escape(std::string_view text, std::size_t& position, std::string& value) {
  if (position >= text.size()) return false;
  const char letter = text[position++];
  static constexpr std::string_view letters = "nrtabfv0\\'\"";
  static constexpr std::string_view meanings("\n\r\t\a\b\f\v\0\\'\"", 11);
  if (const auto known = letters.find(letter); known != std::string_view::npos) {
    value += meanings[known];
    return true;
  }
  if (letter == 'x') return read_hex_escape(text, position, 2, value);
  if (letter == 'u') return read_hex_escape(text, position, 4, value);
  if (letter == 'U') return read_hex_escape(text, position, 8, value);
  value += '\\';
  value += letter;
  return true;
}

}  // namespace

std::size_t utf8_length(std::string_view text, std::size_t position) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[position + i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() - position < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return 0;
  }
  // Overlong forms, surrogates, and code points beyond U+10FFFF.
  if ((first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F)) return 0;
  if ((first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) > 0x8F)) return 0;
  return length;
}

void append_utf8(std::string& out, char32_t code_point) {
  const auto code = static_cast<std::uint32_t>(code_point);
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
    return;
  }
  if (code < 0x800) {
    put(0xC0U | (code >> 6U));
  } else if (code < 0x10000) {
    put(0xE0U | (code >> 12U));
    put(0x80U | ((code >> 6U) & 0x3FU));
  } else {
    put(0xF0U | (code >> 18U));
    put(0x80U | ((code >> 12U) & 0x3FU));
    put(0x80U | ((code >> 6U) & 0x3FU));
  }
  put(0x80U | (code & 0x3FU));
}

void append_python_string(std::string& out, std::string_view text) {
  const bool has_single = text.find('\'') != std::string_view::npos;
  const char quote = has_single && text.find('"') == std::string_view::npos ? '"' : '\'';
  out += quote;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text, i);
    if (length == 0 || is_control(text[i])) {
      append_escaped_byte(out, text[i]);
      ++i;
      continue;
    }
    if (text[i] == '\\' || text[i] == quote) out += '\\';
    out.append(text.substr(i, length));
    i += length;
  }
  out += quote;
}

bool read_python_string(std::string_view text, std::size_t& position, std::string& value) {
  const char quote = text[position++];
  while (position < text.size()) {
    const char byte = text[position++];
    if (byte == quote) return true;
    if (byte != '\\') {
      value += byte;
    } else if (!read_escape(text, position, value)) {
      return false;
    }
  }
  return false;
}

}  // namespace malet::base
