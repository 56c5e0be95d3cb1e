#include "record/log/cell_check.hpp"

#include <string>
#include <vector>

#include "base/text/python_text.hpp"
#include "base/text/reject.hpp"
#include "base/text/text_parts.hpp"
#include "base/text/time_text.hpp"
#include "record/log/log_access.hpp"
#include "record/table/table.hpp"

namespace malet::record {

namespace {

[[noreturn]] void fail(const ExperimentLog& log, std::size_t row, std::string_view field,
                       std::string_view cell, std::string_view what) {
  const std::string file = log.logs_file().empty() ? "the log" : log.logs_file().string();
  reject("{}: in the row with id {} the {} '{}' is {}: correct or empty the cell", file, row, field,
         base::excerpt(cell), what);
}

void check_cell(const ExperimentLog& log, std::size_t row, const std::string& field,
                std::string_view cell) {
  if (cell.empty()) return;
  if (field == "status") {
    check_status(log, row, cell);
  } else if (field == "datetime") {
    if (!base::is_datetime(cell)) fail(log, row, field, cell, "no date and time");
  } else if (field == "duration") {
    if (!base::parse_duration(cell)) fail(log, row, field, cell, "no duration");
  } else if (!is_info_column(field) && base::is_broken_list(cell)) {
    fail(log, row, field, cell, "a list that is cut off or damaged");
  }
}

}  // namespace

bool is_status(std::string_view cell) {
  return cell.empty() || cell == "C" || cell == "F" || cell == "R";
}

void check_status(const ExperimentLog& log, std::size_t row, std::string_view status) {
  if (!is_status(status)) fail(log, row, "status", status, "none of C, F and R");
}

void check_cells(const ExperimentLog& log) {
  const Table& table = table_of(log);
  const std::size_t first = table.grid_fields().size();
  std::vector<std::string_view> cells;
  std::string scratch;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    table.split(row, cells, scratch);
    for (std::size_t i = 0; i < table.metric_fields().size(); ++i) {
      check_cell(log, row, table.metric_fields()[i], cells[first + i]);
    }
  }
}

}  // namespace malet::record
