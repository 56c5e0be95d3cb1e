
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "base/text/reject.hpp"
#include "malet/experiment_log.hpp"
#include "record/log/cell_check.hpp"
#include "record/log/fields.hpp"
#include "record/log/log_content.hpp"
#include "record/log/series_upkeep.hpp"
#include "record/table/cells.hpp"
#include "record/table/table.hpp"

// Values come out metric by metric, but are read row by row: each line is walked once, and the
// values of a metric wait in a list of their own.
namespace malet {

namespace {

constexpr double null = std::numeric_limits<double>::quiet_NaN();
constexpr std::array<std::string_view, 4> long_fields = {"metric", "step", "total_steps",
                                                         "metric_value"};

/// The number that a value stands for; nothing for text, lists and maps.
std::optional<double> number_of(const Value& value) {
  if (value.is_null()) return null;
  if (value.is_boolean()) return value.boolean() ? 1.0 : 0.0;
  return value.is_number() ? std::optional(value.number()) : std::nullopt;
}

/// Takes the cells of one metric column.
class MetricColumn {
 public:
  MetricColumn(std::optional<int> step, bool dropna) : step_(step), dropna_(dropna) {}

  void add(std::uint32_t log_row, std::string_view cell) {
    row_.log_row = log_row;
    const Value value = from_cell(cell);
    if (value.is_list()) {
      add_series(value.list());
    } else if (const auto number = number_of(value)) {
      row_.total_steps = 1;
      add_value(step_ && *step_ > 0 ? static_cast<std::size_t>(*step_) : 1, *number);
    }
  }

  /// Whether there is a number in the column.
  [[nodiscard]] bool has_numbers() const { return has_numbers_; }

  void move_to(std::vector<MeltedLog::Row>& rows, std::uint32_t metric) {
    for (MeltedLog::Row& row : rows_) row.metric = metric;
    rows.insert(rows.end(), rows_.begin(), rows_.end());
    rows_ = {};
  }

 private:
  void add_series(const Value::List& series) {
    row_.total_steps = static_cast<std::uint32_t>(series.size());
    if (series.empty()) {
      add_value(step_ && *step_ > 0 ? static_cast<std::size_t>(*step_) : 1, null);
    } else if (step_) {
      const std::size_t step = *step_ < 0 ? series.size() : static_cast<std::size_t>(*step_);
      add_element(step, step <= series.size() ? series[step - 1] : Value());
    } else {
      for (std::size_t i = 0; i < series.size(); ++i) add_element(i + 1, series[i]);
    }
  }

  void add_element(std::size_t step, const Value& element) {
    if (const auto number = number_of(element)) add_value(step, *number);
  }

  void add_value(std::size_t step, double value) {
    const bool is_null = std::isnan(value);
    has_numbers_ = has_numbers_ || !is_null;
    if (is_null && dropna_) return;
    row_.step = static_cast<std::uint32_t>(step);
    row_.metric_value = value;
    rows_.push_back(row_);
  }

  std::optional<int> step_;
  bool dropna_;
  bool has_numbers_ = false;
  MeltedLog::Row row_;
  std::vector<MeltedLog::Row> rows_;
};

void check_melt(const ExperimentLog& log, std::optional<int> step, const std::string& where) {
  if (step && (*step == 0 || *step < -1)) {
    reject("{}there is no step {}: steps count from 1, and -1 is the last", where, *step);
  }
  for (const std::string_view field : long_fields) {
    if (!record::holds(log.grid_fields(), field)) continue;
    reject(
        "{}the grid field '{}' bears the name of a column of the long form: "
        "rename it first",
        where, field);
  }
}

}  // namespace

MeltedLog ExperimentLog::melt_and_explode_metric(const std::optional<LogTable>& df,
                                                 std::optional<int> step, bool dropna) const {
  check_melt(*this, step, content_->where());
  record::check_cells(*this);
  const LogTable rows = df.value_or(this->df());
  const auto kept = std::make_shared<const record::Table>(
      content_->series ? std::move(record::with_inline_series(*this).content_->table)
                       : content_->table);
  const record::Table& table = *kept;
  std::vector<MetricColumn> columns(table.metric_fields().size(), MetricColumn(step, dropna));
  std::vector<std::string_view> cells;
  std::string scratch;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto log_row = static_cast<std::uint32_t>(rows.log_row(i));
    table.split(log_row, cells, scratch);
    for (std::size_t metric = 0; metric < columns.size(); ++metric) {
      if (record::is_info_column(table.metric_fields()[metric])) continue;
      columns[metric].add(log_row, cells[table.grid_fields().size() + metric]);
    }
  }
  std::vector<std::string> metrics;
  std::vector<MeltedLog::Row> melted;
  for (std::size_t metric = 0; metric < columns.size(); ++metric) {
    if (!columns[metric].has_numbers()) continue;
    columns[metric].move_to(melted, static_cast<std::uint32_t>(metrics.size()));
    metrics.push_back(table.metric_fields()[metric]);
  }
  return {kept, content_->parse_str, std::move(metrics), std::move(melted)};
}

MeltedLog::MeltedLog(std::shared_ptr<const record::Table> table, bool parse_str,
                     std::vector<std::string> metrics, std::vector<Row> rows)
    : table_(std::move(table)),
      parse_str_(parse_str),
      metrics_(std::move(metrics)),
      rows_(std::move(rows)) {}

std::vector<std::string> MeltedLog::index_fields() const {
  std::vector<std::string> fields = table_->grid_fields();
  fields.insert(fields.end(), long_fields.begin(), long_fields.end() - 1);
  return fields;
}

Value::Map MeltedLog::configs(std::size_t position) const {
  Value::Map values;
  const auto texts = config_texts(position);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const bool as_value = parse_str_ || texts[i].empty();
    values.emplace_back(table_->grid_fields()[i], as_value ? from_cell(texts[i]) : Value(texts[i]));
  }
  return values;
}

// Only the grid cells are looked at: behind them stand the series, and a step should not cost all
// of its series.
std::vector<std::string> MeltedLog::config_texts(std::size_t position) const {
  const std::size_t row = rows_[position].log_row;
  std::vector<std::string> texts;
  texts.reserve(table_->grid_fields().size());
  std::string scratch;
  record::CellWalk walk(table_->line(row));
  for (std::size_t i = 0; i < table_->grid_fields().size(); ++i) {
    std::string_view cell;
    if (i < table_->cells(row)) walk.next(cell);
    texts.emplace_back(record::unescaped(cell, scratch));
  }
  return texts;
}

}  // namespace malet
