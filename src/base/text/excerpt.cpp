#include "base/text/excerpt.hpp"

#include <algorithm>

#include "base/text/python_text.hpp"

namespace malet::base {

namespace {

/// ASCII's control characters, and those that UTF-8 writes with more bytes: U+0080 to U+009F and
/// the separators of lines and paragraphs.
bool is_control(std::string_view character) {
  const auto byte = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return byte < 0x20 || byte == 0x7F;
  if (character.size() == 2) return byte == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
  return character == "\u2028" || character == "\u2029";
}

}  // namespace

std::string excerpt(std::string_view text, std::size_t most) {
  std::string shown;
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++characters) {
    if (characters == most) return shown + "..";
    const std::size_t length = std::max<std::size_t>(utf8_length(text, i), 1);
    const std::string_view character = text.substr(i, length);
    if (is_control(character)) {
      shown += ' ';
    } else {
      shown += character;
    }
    i += length;
  }
  return shown;
}

}  // namespace malet::base
