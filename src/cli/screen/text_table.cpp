#include "cli/screen/text_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "base/filter/filter.hpp"

namespace malet::cli {

namespace {

constexpr std::size_t gap = 2;
/// Columns are not cut below this.
constexpr std::size_t least_width = 8;

bool continues_code_point(char c) {
  return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
}

std::string cut(const std::string& text, std::size_t width) {
  if (text_width(text) <= width) return text;
  std::size_t kept = 0;
  for (std::size_t columns = 0; kept < text.size(); ++kept) {
    if (!continues_code_point(text[kept]) && ++columns + 2 > width) break;
  }
  return text.substr(0, kept) + "..";
}

std::string padded(const std::string& text, std::size_t width, bool right) {
  std::string shown = cut(text, width);
  const std::string blanks(width - std::min(width, text_width(shown)), ' ');
  return right ? blanks + shown : shown + blanks;
}

std::size_t total(const std::vector<std::size_t>& widths) {
  return std::accumulate(widths.begin(), widths.end(), std::size_t{0}) + gap * (widths.size() - 1);
}

/// Takes columns from the widest ones, then whole ones from the end, until the rest fits.
void fit(std::vector<std::size_t>& widths, std::size_t width) {
  while (total(widths) > width) {
    const auto widest = std::max_element(widths.begin(), widths.end());
    if (*widest > least_width) {
      *widest = std::max(least_width, *widest - std::min(*widest, total(widths) - width));
    } else if (widths.size() > 1) {
      widths.pop_back();
    } else {
      return;
    }
  }
}

void end_line(std::string& out) {
  out.erase(out.find_last_not_of(' ') + 1);
  out += '\n';
}

void replace_controls(std::string& text) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; };
  std::replace_if(text.begin(), text.end(), is_control, '?');
}

}  // namespace

std::string TextTable::render(std::size_t width) const {
  std::vector<std::size_t> widths = natural_widths();
  fit(widths, width);
  std::vector<bool> right;
  for (std::size_t column = 0; column < widths.size(); ++column) right.push_back(is_right(column));
  std::string out;
  const auto add_line = [&](const auto& text_of) {
    for (std::size_t column = 0; column < widths.size(); ++column) {
      if (column > 0) out.append(gap, ' ');
      out += padded(text_of(column), widths[column], right[column]);
    }
    end_line(out);
  };
  add_line([this](std::size_t column) { return headers_[column]; });
  for (const auto& row : rows_) {
    add_line([&row](std::size_t column) { return row[column].text; });
  }
  if (widths.size() < headers_.size()) {
    const auto first = headers_.begin() + static_cast<std::ptrdiff_t>(widths.size());
    out += fmt::format("(no room for: {})\n", fmt::join(first, headers_.end(), ", "));
  }
  return out;
}

std::vector<std::size_t> TextTable::natural_widths() const {
  std::vector<std::size_t> widths;
  for (const std::string& header : headers_) widths.push_back(text_width(header));
  for (const auto& row : rows_) {
    for (std::size_t column = 0; column < row.size(); ++column) {
      widths[column] = std::max(widths[column], text_width(row[column].text));
    }
  }
  return widths;
}

bool TextTable::is_right(std::size_t column) const {
  return std::all_of(rows_.begin(), rows_.end(), [column](const std::vector<Cell>& row) {
    return row[column].is_number || row[column].text.empty();
  });
}

TextTable::Cell table_cell(const Value& value, ListView lists) {
  if (value.is_list() && lists == ListView::series) {
    TextTable::Cell cell = table_cell(base::last_value(value), ListView::tuple);
    return {fmt::format("{} ({})", cell.text, value.list().size()), cell.is_number};
  }
  if (value.is_real()) return {fmt::format("{:.5g}", value.real()), true};
  std::string text = to_cell(value, ListStyle::tuple);
  replace_controls(text);
  return {std::move(text), value.is_integer()};
}

std::string one_line(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n\f\v";
  std::string line(text.substr(0, text.find_last_not_of(blanks) + 1));
  const auto is_blank = [&](char c) { return blanks.find(c) != std::string_view::npos; };
  std::replace_if(line.begin(), line.end(), is_blank, ' ');
  replace_controls(line);
  return line;
}

std::size_t text_width(std::string_view text) {
  return text.size() -
         static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues_code_point));
}

std::vector<std::string> config_headers(const std::vector<std::string>& fields) {
  std::vector<std::string> headers = {"config"};
  headers.insert(headers.end(), fields.begin(), fields.end());
  return headers;
}

std::vector<TextTable::Cell> config_cells(std::uint64_t index, const Config& config,
                                          const std::vector<std::string>& fields) {
  std::vector<TextTable::Cell> cells = {{fmt::format("{}", index), true}};
  for (const std::string& field : fields) {
    const Value* value = config.find(field);
    cells.push_back(table_cell(value == nullptr ? Value() : *value, ListView::tuple));
  }
  return cells;
}

}  // namespace malet::cli
