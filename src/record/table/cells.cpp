#include "record/table/cells.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "base/text/python_text.hpp"

// A million rows pass through here on every start: texts are looked at eight bytes at a time.
namespace malet::record {

namespace {

constexpr std::uint64_t every_byte = 0x0101010101010101U;
constexpr std::uint64_t high_bits = 0x8080808080808080U;
constexpr std::string_view replacement = "\xEF\xBF\xBD";

std::uint64_t load(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

/// The high bit of every byte that is zero.
std::uint64_t zero_bytes(std::uint64_t word) {
  return ~(((word & ~high_bits) + ~high_bits) | word | ~high_bits);
}

/// How a cell has to be written.
struct Looks {
  bool quote = false;
  bool suspicious = false;  // holds a NUL, or bytes that may be no UTF-8
};

Looks look_at(std::string_view cell) {
  Looks looks;
  for (const char c : cell) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > '"' && byte < 0x80) continue;
    looks.quote = looks.quote || c == '\t' || c == '\n' || c == '\r' || c == '"';
    looks.suspicious = looks.suspicious || byte == 0 || byte >= 0x80;
  }
  return looks;
}

void append_quoted(std::string& line, std::string_view cell) {
  line += '"';
  while (!cell.empty()) {
    const std::size_t length = std::min(cell.find('"'), cell.size() - 1) + 1;
    line += cell.substr(0, length);
    if (cell[length - 1] == '"') line += '"';
    cell.remove_prefix(length);
  }
  line += '"';
}

/// The position behind the quote that closes the cell, or of the text's end.
std::size_t quoted_length(std::string_view text) {
  std::size_t position = 1;
  while (true) {
    position = text.find('"', position);
    if (position == std::string_view::npos) return text.size();
    ++position;
    if (position == text.size() || text[position] != '"') return position;
    ++position;
  }
}

}  // namespace

bool is_utf8(std::string_view text, std::size_t& bad) {
  for (std::size_t i = 0; i < text.size();) {
    if (text.size() - i >= 8 && (load(text.data() + i) & high_bits) == 0) {
      i += 8;
      continue;
    }
    const std::size_t length = base::utf8_length(text, i);
    if (length == 0) {
      bad = i;
      return false;
    }
    i += length;
  }
  return true;
}

std::string_view storable(std::string_view text, std::string& scratch) {
  std::size_t bad = 0;
  if (!look_at(text).suspicious) return text;
  if (text.find('\0') == std::string_view::npos && is_utf8(text, bad)) return text;
  scratch.clear();
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = text[i] == '\0' ? 0 : base::utf8_length(text, i);
    scratch += length == 0 ? replacement : text.substr(i, length);
    i += std::max<std::size_t>(length, 1);
  }
  return scratch;
}

void append_escaped(std::string& line, std::string_view cell) {
  const Looks looks = look_at(cell);
  std::string scratch;
  if (looks.suspicious) cell = storable(cell, scratch);
  if (looks.quote) {
    append_quoted(line, cell);
  } else {
    line += cell;
  }
}

std::size_t count_tabs(std::string_view text) {
  std::size_t count = 0;
  const char* at = text.data();
  std::size_t left = text.size();
  while (left >= 8) {
    // At most 255 words at a time, so that no byte of the sums overflows.
    std::uint64_t sums = 0;
    for (int words = 0; words < 255 && left >= 8; ++words, at += 8, left -= 8) {
      sums += zero_bytes(load(at) ^ (every_byte * '\t')) >> 7U;
    }
    constexpr std::uint64_t pairs = 0x00FF00FF00FF00FFU;
    const std::uint64_t wide = (sums & pairs) + ((sums >> 8U) & pairs);
    count += (wide * 0x0001000100010001U) >> 48U;
  }
  return count + static_cast<std::size_t>(std::count(at, at + left, '\t'));
}

bool CellWalk::next(std::string_view& escaped) {
  if (!more_) return false;
  const std::size_t from = is_quoted(rest_) ? quoted_length(rest_) : 0;
  const std::size_t tab = rest_.find('\t', from);
  more_ = tab != std::string_view::npos;
  escaped = rest_.substr(0, tab);
  rest_.remove_prefix(more_ ? tab + 1 : rest_.size());
  return true;
}

std::optional<std::string_view> cell_at(std::string_view line, std::size_t number) {
  CellWalk walk(line);
  std::string_view cell;
  for (std::size_t i = 0; i <= number; ++i) {
    if (!walk.next(cell)) return std::nullopt;
  }
  return cell;
}

std::size_t count_cells(std::string_view line) {
  if (line.find('"') == std::string_view::npos) return count_tabs(line) + 1;
  std::size_t count = 0;
  std::string_view cell;
  for (CellWalk walk(line); walk.next(cell);) ++count;
  return count;
}

void append_unquoted(std::string& out, std::string_view quoted) {
  const std::size_t end = quoted_length(quoted);
  const bool closed = end > 1 && quoted[end - 1] == '"';
  std::string_view inner = quoted.substr(1, end - 1 - (closed ? 1 : 0));
  while (!inner.empty()) {
    const std::size_t length = std::min(inner.find('"'), inner.size() - 1) + 1;
    out += inner.substr(0, length);
    inner.remove_prefix(std::min(length + (inner[length - 1] == '"' ? 1 : 0), inner.size()));
  }
  out += quoted.substr(end);  // none in a line that has been checked
}

}  // namespace malet::record
