#include "cli/rows/best_formats.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "cli/rows/row_formats.hpp"
#include "cli/screen/text_table.hpp"

namespace malet::cli {

namespace {

/// The three columns behind the fields.
Value::Map figures(const BestQuery& query, const BestConfig& config) {
  const Value error = config.standard_error ? Value(*config.standard_error) : Value();
  return {
      {query.metric + "_mean", config.mean}, {query.metric + "_stderr", error}, {"n", config.n}};
}

std::vector<std::string> names(const BestQuery& query, const BestConfigs& best) {
  std::vector<std::string> all = best.fields;
  for (const auto& [name, value] : figures(query, {})) all.push_back(name);
  return all;
}

Value::List listed(const std::vector<std::string>& names) {
  return {names.begin(), names.end()};
}

}  // namespace

void write_best_delimited(const RowSet& rows, const BestQuery& query, const BestConfigs& best,
                          char delimiter, const Sink& sink) {
  sink(delimited_line(names(query, best), delimiter));
  RowSet::Reader reader(rows, best.fields);
  for (const BestConfig& config : best.configs) {
    const auto& texts = reader.texts(config.position);
    std::vector<std::string> cells(texts.begin(), texts.end());
    for (const auto& [name, value] : figures(query, config)) cells.push_back(to_cell(value));
    if (!sink(delimited_line(cells, delimiter))) return;
  }
}

void write_best_json(const RowSet& rows, const BestQuery& query, const BestConfigs& best,
                     const Sink& sink) {
  const Value::Map sought = {{"metric", query.metric},
                             {"goal", query.largest ? "max" : "min"},
                             {"per", listed(query.per)},
                             {"mean_over", listed(query.mean_over)}};
  const Value::Map left_out = {{"not_complete", best.not_complete},
                               {"without_value", best.without_value}};
  JsonRows document(
      {{"static_configs", rows.static_configs()}, {"best", sought}, {"left_out", left_out}}, "rows",
      sink);
  RowSet::Reader reader(rows, best.fields);
  for (const BestConfig& config : best.configs) {
    Value::Map row = row_object(reader, config.position, best.fields);
    for (auto& figure : figures(query, config)) row.push_back(std::move(figure));
    if (!document.add(std::move(row))) return;
  }
  document.finish();
}

void write_best_table(const RowSet& rows, const BestQuery& query, const BestConfigs& best,
                      std::size_t width, const Sink& sink) {
  TextTable table(names(query, best));
  RowSet::Reader reader(rows, best.fields);
  for (const BestConfig& config : best.configs) {
    std::vector<TextTable::Cell> cells;
    for (const auto& [name, value] : row_object(reader, config.position, best.fields)) {
      cells.push_back(table_cell(value, ListView::tuple));
    }
    for (const auto& [name, value] : figures(query, config)) {
      cells.push_back(table_cell(value, ListView::tuple));
    }
    table.add_row(std::move(cells));
  }
  sink(best.configs.empty() ? "no rows\n" : table.render(width));
}

std::string left_out_text(const BestQuery& query, const BestConfigs& best) {
  std::string text;
  if (best.not_complete > 0) text = fmt::format("{} not complete", best.not_complete);
  if (best.without_value > 0) {
    text +=
        fmt::format("{}{} without {}", text.empty() ? "" : ", ", best.without_value, query.metric);
  }
  return text.empty() ? text : fmt::format("(rows left out: {})\n", text);
}

}  // namespace malet::cli
