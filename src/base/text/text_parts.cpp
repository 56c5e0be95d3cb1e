#include "base/text/text_parts.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "base/text/python_text.hpp"

namespace malet::base {

namespace {

/// Also Unicode's control characters: U+0080 to U+009F and the separators of lines and paragraphs.
bool breaks_line(std::string_view character) {
  if (character.size() == 1) return is_control(character[0]);
  if (character.size() == 2) return character[0] == '\xC2' && character[1] < '\xA0';
  return character == "\u2028" || character == "\u2029";
}

}  // namespace

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
  return is_whole ? std::optional(number) : std::nullopt;
}

std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

std::string excerpt(std::string_view text, std::size_t most) {
  std::string shown;
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++characters) {
    if (characters == most) return shown + "..";
    const std::size_t length = std::max<std::size_t>(utf8_length(text, i), 1);
    const std::string_view character = text.substr(i, length);
    shown += breaks_line(character) ? " " : character;
    i += length;
  }
  return shown;
}

// The two lines of names in log.tsv are padded with blanks and have no quotes, so a name must
// differ from its padding and from a quoted cell.
std::string_view name_flaw(std::string_view name) {
  if (name.empty()) return "is empty";
  if (name == "id") return "is that of the column with the rows' numbers";
  if (name.front() == ' ' || name.back() == ' ') return "begins or ends with a blank";
  for (std::size_t i = 0; i < name.size();) {
    if (is_control(name[i])) return "holds a tab, a line break or a control character";
    if (name[i] == '"') return "holds a quote";
    const std::size_t length = utf8_length(name, i);
    if (length == 0) return "is not UTF-8";
    i += length;
  }
  return {};
}

std::string quoted_name(std::string_view name) {
  std::string quoted;
  append_python_string(quoted, name);
  return quoted;
}

}  // namespace malet::base
