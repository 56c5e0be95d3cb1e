#include "cli/rows/row_formats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "cli/screen/text_table.hpp"
#include "malet/experiment.hpp"
#include "record/log/fields.hpp"

namespace malet::cli {

namespace {

/// Rows per table: the widths of one table's columns need all of its rows.
constexpr std::size_t block_size = 1000;

void append_delimited(std::string& line, std::string_view cell, char delimiter) {
  const char special[] = {delimiter, '"', '\n', '\r', '\0'};
  if (cell.find_first_of(special) == std::string_view::npos) {
    line += cell;
    return;
  }
  line += '"';
  for (const char c : cell) line.append(c == '"' ? 2 : 1, c);
  line += '"';
}

std::vector<std::string> shown_of(const std::vector<std::string>& all,
                                  const std::vector<std::string>& fields) {
  std::vector<std::string> shown;
  for (const std::string& field : all) {
    if (holds(fields, field)) shown.push_back(field);
  }
  return shown;
}

TextTable rows_table(const RowSet& rows, RowSet::Reader& reader,
                     const std::vector<std::string>& fields, std::size_t first, std::size_t last) {
  std::vector<std::string> headers = {"#"};
  headers.insert(headers.end(), fields.begin(), fields.end());
  TextTable table(std::move(headers));
  for (std::size_t position = first; position < last; ++position) {
    const auto number = rows.number(position);
    std::vector<TextTable::Cell> cells = {{number ? fmt::format("{}", *number) : "-", true}};
    (void)reader.texts(position);
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const bool is_metric = holds(rows.metric_fields(), fields[i]);
      cells.push_back(table_cell(reader.value(i), is_metric ? ListView::series : ListView::tuple));
      if (const auto length = reader.series_length(i)) {
        cells.back().text += fmt::format(" ({})", *length);
      }
    }
    table.add_row(std::move(cells));
  }
  return table;
}

bool all_complete(const RowSet& rows) {
  RowSet::Reader reader(rows, {"status"});
  for (std::size_t position = 0; position < rows.size(); ++position) {
    if (reader.texts(position)[0] != "C") return false;
  }
  return true;
}

template <typename Cells>
std::string line_of(const Cells& cells, char delimiter) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line += delimiter;
    append_delimited(line, cells[i], delimiter);
  }
  return line + "\n";
}

}  // namespace

std::string delimited_line(const std::vector<std::string>& cells, char delimiter) {
  return line_of(cells, delimiter);
}

Value::Map row_object(RowSet::Reader& reader, std::size_t position,
                      const std::vector<std::string>& fields) {
  (void)reader.texts(position);
  Value::Map row;
  for (std::size_t i = 0; i < fields.size(); ++i) row.emplace_back(fields[i], reader.whole(i));
  return row;
}

void write_delimited(const RowSet& rows, const std::vector<std::string>& fields, char delimiter,
                     const Sink& sink) {
  sink(delimited_line(fields, delimiter));
  RowSet::Reader reader(rows, fields);
  for (std::size_t position = 0; position < rows.size(); ++position) {
    if (!sink(line_of(reader.whole_texts(position), delimiter))) return;
  }
}

void write_rows_json(const RowSet& rows, const std::vector<std::string>& fields, const Sink& sink,
                     const Value::Map& more) {
  Value::Map head = {{"static_configs", rows.static_configs()},
                     {"grid_fields", shown_of(rows.grid_fields(), fields)},
                     {"metric_fields", shown_of(rows.metric_fields(), fields)}};
  head.insert(head.end(), more.begin(), more.end());
  JsonRows document(head, "rows", sink);
  RowSet::Reader reader(rows, fields);
  for (std::size_t position = 0; position < rows.size(); ++position) {
    if (!document.add(row_object(reader, position, fields))) return;
  }
  document.finish();
}

void write_rows_table(const RowSet& rows, const std::vector<std::string>& fields, std::size_t width,
                      const Sink& sink) {
  RowSet::Reader reader(rows, fields);
  for (std::size_t first = 0; first < rows.size(); first += block_size) {
    const std::size_t last = std::min(rows.size(), first + block_size);
    if (!sink(rows_table(rows, reader, fields, first, last).render(width))) return;
  }
  if (rows.size() == 0) sink("no rows\n");
}

std::vector<std::string> table_fields(const RowSet& rows, const std::vector<SortKey>& keys) {
  const auto& infos = Experiment::infos();
  std::vector<std::string> fields = rows.grid_fields();
  const auto add = [&fields](const std::string& field) {
    if (!holds(fields, field)) fields.push_back(field);
  };
  if (holds(rows.metric_fields(), "status") && !all_complete(rows)) add("status");
  for (const SortKey& key : keys) add(key.field);
  for (const std::string& field : rows.metric_fields()) {
    if (!holds(infos, field)) add(field);
  }
  return fields;
}

JsonRows::JsonRows(const Value::Map& head, std::string_view list_name, Sink sink)
    : sink_(std::move(sink)) {
  std::string text = to_json(head, 2);
  text.pop_back();  // the closing brace, and the line break before it
  if (text.back() == '\n') text.pop_back();
  sink_(fmt::format("{}{}\n  {}: [", text, head.empty() ? "" : ",", to_json(Value(list_name))));
}

bool JsonRows::add(const Value& item) {
  const std::string separator = empty_ ? "\n    " : ",\n    ";
  empty_ = false;
  return sink_(separator + to_json(item));
}

void JsonRows::finish() {
  sink_(empty_ ? "]\n}\n" : "\n  ]\n}\n");
}

}  // namespace malet::cli
