#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <unordered_set>

#include "base/text/reject.hpp"
#include "base/text/text_parts.hpp"
#include "base/yaml/yaml.hpp"
#include "record/table/tsv.hpp"

// Reading a log looks at every byte a few times and at no cell: it finds the line breaks, counts
// the tabs between them and leaves the rows where they are in the text. Only lines that hold a
// quote are walked cell by cell, since a quoted cell may hold tabs and line breaks.
namespace malet::record {

namespace {

bool is_blank(std::string_view cell) {
  return cell.find_first_not_of(' ') == std::string_view::npos;
}

std::vector<std::string_view> split_tabs(std::string_view line) {
  std::vector<std::string_view> cells;
  while (true) {
    const std::size_t tab = line.find('\t');
    cells.push_back(line.substr(0, tab));
    if (tab == std::string_view::npos) return cells;
    line.remove_prefix(tab + 1);
  }
}

[[noreturn]] void fail_at(std::string_view name, std::size_t line, std::string_view what) {
  reject("{}:{}: {}", name, line, what);
}

using Text = std::string_view;
constexpr Text title_line = "[Static Configs]\n";

/// Reads one log from a text that stays where it is.
class Reader {
 public:
  Reader(Text text, Text name) : text_(text), name_(name) {}

  LogText read() {
    check_text();
    LogText log;
    log.header = read_header();
    log.static_configs = read_static_configs(log.header);
    ColumnNames names = read_names();
    check_static_names(names, log.static_configs);
    log.table = Table(std::move(names.grid_fields), std::move(names.metric_fields));
    read_rows(log.table);
    return log;
  }

 private:
  [[noreturn]] void fail(std::size_t position, Text what) const {
    const auto breaks = std::count(text_.begin(), text_.begin() + std::ptrdiff_t(position), '\n');
    reject("{}:{}: {}", name_, breaks + 1, what);
  }

  void check_text() const {
    if (text_.empty()) fail(0, "the file is empty; delete it to start anew, or put the log back");
    if (const std::size_t nul = text_.find('\0'); nul != Text::npos) {
      fail(nul, "there is a NUL byte; the file is damaged: put a copy of the log in its place");
    }
    std::size_t bad = 0;
    if (!is_utf8(text_, bad)) fail(bad, "this line is not UTF-8; convert the file, say with iconv");
    if (text_.substr(0, title_line.size()) != title_line) {
      fail(0, fmt::format("a log begins with a line '{}'; this file is no log or is cut off",
                          tsv_title));
    }
  }

  /// Takes the next line, without its line break.
  Text take_line(Text what) {
    const std::size_t end = text_.find('\n', position_);
    if (end == Text::npos) fail(position_, fmt::format("the file is cut off: {} is missing", what));
    const Text line = text_.substr(position_, end - position_);
    position_ = end + 1;
    return line;
  }

  std::string read_header() {
    position_ = title_line.size();
    while (true) {
      const std::size_t start = position_;
      if (take_line(fmt::format("the line of {} dashes", tsv_rule.size())) == tsv_rule) {
        return std::string(text_.substr(title_line.size(), start - title_line.size()));
      }
    }
  }

  Value::Map read_static_configs(const std::string& header) const {
    // The line break stands for the title, so that messages count the file's lines.
    Value value =
        base::yaml::to_value(base::yaml::parse("\n" + header, name_, base::yaml::Schema::pyyaml));
    if (!value.is_map()) {
      fail(title_line.size(), fmt::format("the static configs have to be names and values and are "
                                          "one {}: put `{{}}` where there are none",
                                          type_name(value.type())));
    }
    return std::move(value.map());
  }

  ColumnNames read_names() {
    const std::size_t start = position_;
    const Text metrics = take_line("the line of metric names");
    const Text grid = take_line("the line of grid field names");
    const auto line = std::count(text_.begin(), text_.begin() + std::ptrdiff_t(start), '\n') + 1;
    return parse_name_lines(metrics, grid, name_, std::size_t(line));
  }

  void check_static_names(const ColumnNames& names, const Value::Map& static_configs) const {
    for (const auto& [name, value] : static_configs) {
      const auto& fields = names.grid_fields;
      if (std::find(fields.begin(), fields.end(), name) == fields.end()) continue;
      fail(position_ - 1,
           fmt::format("'{}' is a static config and a grid field; remove one", name));
    }
  }

  void read_rows(Table& table) {
    if (position_ == text_.size()) return;
    has_return_ = text_.find('\r') != Text::npos;
    const std::size_t first = text_.find('\n', position_) + 1 - position_;
    table.reserve((text_.size() - position_) / std::max<std::size_t>(first, 8) + 1);
    while (position_ < text_.size()) read_row(table);
  }

  void read_row(Table& table) {
    const std::size_t start = position_;
    std::size_t end = text_.find('\n', start);
    if (end == Text::npos) end = text_.size();
    Text row = text_.substr(start, end - start);
    std::size_t cells = 0;
    if (row.find('"') == Text::npos) {
      check_returns(start, end);
      cells = count_tabs(row) + 1;
    } else {
      end = walk_quoted(start, cells);
      row = text_.substr(start, end - start);
    }
    if (end == text_.size()) {
      fail(start, "the last line is cut off; if nothing is missing, end it with a line break");
    }
    position_ = end + 1;
    store(table, row, cells, start);
  }

  void store(Table& table, Text row, std::size_t cells, std::size_t start) const {
    const std::size_t wanted = table.columns() + 1;
    if (row.empty()) fail(start, "this line is empty; remove it");
    if (cells != wanted) {
      fail(start, fmt::format("this row has {} cells instead of {}; it is {}", cells, wanted,
                              cells < wanted ? "cut off" : "too long"));
    }
    if (row.front() == '\t') fail(start, "this row has no id in its first cell");
    if (row.size() > std::numeric_limits<std::uint32_t>::max()) fail(start, "this row is too long");
    CellWalk walk(row);
    Text id;
    walk.next(id);
    table.adopt(walk.rest(), table.columns());
  }

  /// Counts the cells of the record at `start` and gives the position of the line break behind it.
  std::size_t walk_quoted(std::size_t start, std::size_t& cells) const {
    std::size_t at = start;
    while (true) {
      at = text_[at] == '"' ? close_quote(at) : cell_end(at);
      ++cells;
      if (at == text_.size() || text_[at] == '\n') return at;
      if (++at == text_.size()) return at;
    }
  }

  std::size_t cell_end(std::size_t start) const {
    const std::size_t line_break = text_.find('\n', start);
    const Text rest = text_.substr(start, line_break - start);
    const std::size_t end = start + std::min(rest.find('\t'), rest.size());
    check_returns(start, end);
    return end;
  }

  /// The position behind the quoted cell that opens at `start`.
  std::size_t close_quote(std::size_t start) const {
    std::size_t at = start + 1;
    while (true) {
      at = text_.find('"', at);
      if (at == Text::npos) fail(start, "the quote that opens in this row is never closed");
      ++at;
      if (at == text_.size() || text_[at] == '\t' || text_[at] == '\n') return at;
      if (text_[at] != '"') {
        fail(at, "there is text behind a closing quote; a quote inside a cell is written twice");
      }
      ++at;
    }
  }

  void check_returns(std::size_t start, std::size_t end) const {
    if (!has_return_) return;
    const std::size_t at = text_.substr(start, end - start).find('\r');
    if (at == Text::npos) return;
    fail(start + at,
         "there is a carriage return outside quotes; remove it (sed -i 's/\\r//g') or quote the "
         "cell");
  }

  Text text_;
  Text name_;
  std::size_t position_ = 0;
  bool has_return_ = false;
};

/// Makes CRLF line ends LF, for a file that an editor on Windows has saved.
void convert_line_ends(std::string& text) {
  if (text.compare(0, tsv_title.size() + 2, std::string(tsv_title) + "\r\n") != 0) return;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool crlf = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    if (!crlf) text[kept++] = text[i];
  }
  text.resize(kept);
}

}  // namespace

LogText parse_log(std::string text, std::string_view name) {
  convert_line_ends(text);
  const auto kept = std::make_shared<const std::string>(std::move(text));
  LogText log = Reader(*kept, name).read();
  log.table.keep(kept);
  return log;
}

void check_names(const std::vector<std::string>& grid_fields,
                 const std::vector<std::string>& metric_fields, std::string_view where) {
  std::unordered_set<std::string_view> seen;
  for (const auto* fields : {&grid_fields, &metric_fields}) {
    for (const std::string& name : *fields) {
      const std::string_view flaw =
          seen.insert(name).second ? base::name_flaw(name) : "stands twice";
      if (flaw.empty()) continue;
      reject("{}: the column name {} {}: rename it", where, base::quoted_name(name), flaw);
    }
  }
}

ColumnNames parse_name_lines(std::string_view metrics, std::string_view grid, std::string_view name,
                             std::size_t first_line) {
  const auto above = split_tabs(metrics);
  const auto below = split_tabs(grid);
  if (!is_blank(above.front())) {
    fail_at(name, first_line, "the line of metric names has to begin with blanks and a tab");
  }
  if (below.front() != "id") {
    fail_at(name, first_line + 1, "the line of grid field names has to begin with 'id'");
  }
  if (above.size() != below.size()) {
    fail_at(
        name, first_line + 1,
        fmt::format("there are {} columns here and {} in the line above; they have to be as many",
                    below.size(), above.size()));
  }
  ColumnNames names;
  for (std::size_t i = 1; i < above.size(); ++i) {
    const bool metric = is_blank(below[i]);
    if (metric == is_blank(above[i])) {
      fail_at(name, first_line + 1,
              fmt::format("column {} needs a name either here or in the line above", i));
    }
    if (!metric && !names.metric_fields.empty()) {
      fail_at(
          name, first_line + 1,
          fmt::format("grid field '{}' stands behind a metric; grid fields come first", below[i]));
    }
    (metric ? names.metric_fields : names.grid_fields).emplace_back(metric ? above[i] : below[i]);
  }
  check_names(names.grid_fields, names.metric_fields, fmt::format("{}:{}", name, first_line + 1));
  return names;
}

}  // namespace malet::record
