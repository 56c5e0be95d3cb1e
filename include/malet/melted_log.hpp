#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "malet/value.hpp"

namespace malet {

namespace record {
class Table;
}

/// The metrics of a log in long form: a row for each value, as Malet's melt_and_explode_metric
/// gives (ExperimentLog::melt_and_explode_metric). Stays valid after its log has changed or is
/// gone. Positions count from 0; one of size() or more is undefined behaviour.
class MeltedLog {
 public:
  /// One value. A row takes 24 bytes.
  struct Row {
    double metric_value = 0;        ///< NaN for null; booleans are 0 and 1
    std::uint32_t log_row = 0;      ///< the number of the log's row that it comes from
    std::uint32_t metric = 0;       ///< its place in metrics()
    std::uint32_t step = 1;         ///< from 1
    std::uint32_t total_steps = 1;  ///< of its series; 1 for a scalar
  };

  /// The index of Malet's frame: the grid fields, then metric, step and total_steps.
  [[nodiscard]] std::vector<std::string> index_fields() const;
  /// The metrics that have values here, in the order of the log's columns.
  [[nodiscard]] const std::vector<std::string>& metrics() const { return metrics_; }

  /// Number of rows.
  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  /// Rows metric by metric, each in the order of the log's rows, each series by its steps.
  [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }
  /// One of rows().
  [[nodiscard]] const Row& operator[](std::size_t position) const { return rows_[position]; }
  /// The name of the metric whose value stands there.
  [[nodiscard]] const std::string& metric(std::size_t position) const {
    return metrics_[rows_[position].metric];
  }
  /// Names and values of the grid fields of a row.
  [[nodiscard]] Value::Map configs(std::size_t position) const;
  /// The grid fields' cells as they stand in the log, without TSV quoting.
  [[nodiscard]] std::vector<std::string> config_texts(std::size_t position) const;

 private:
  friend class ExperimentLog;
  MeltedLog(std::shared_ptr<const record::Table> table, bool parse_str,
            std::vector<std::string> metrics, std::vector<Row> rows);

  std::shared_ptr<const record::Table> table_;
  bool parse_str_;
  std::vector<std::string> metrics_;
  std::vector<Row> rows_;
};

}  // namespace malet
