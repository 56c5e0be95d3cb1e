#include "sweep/folder/row_status.hpp"

#include "record/log/cell_check.hpp"
#include "record/log/log_access.hpp"
#include "record/log/log_file.hpp"
#include "record/table/cells.hpp"
#include "record/table/table.hpp"

namespace malet::sweep {

Status parse_status(std::string_view cell) {
  if (cell == "C") return Status::complete;
  if (cell == "F") return Status::failed;
  if (cell == "R") return Status::running;
  return Status::none;
}

std::vector<Status> statuses_of(const ExperimentLog& log) {
  const record::Table& table = record::table_of(log);
  std::vector<Status> statuses(table.rows(), Status::none);
  const auto column = table.column("status");
  if (!column) return statuses;
  for (std::size_t row = 0; row < statuses.size(); ++row) {
    if (*column >= table.cells(row)) continue;
    const auto cell = record::cell_at(table.line(row), *column).value_or("");
    statuses[row] = parse_status(cell);
    if (statuses[row] == Status::none) record::check_status(log, row, cell);
  }
  return statuses;
}

std::vector<std::uint32_t> fail_lost_rows(ExperimentLog& log, std::vector<Status>& statuses) {
  std::vector<std::uint32_t> lost;
  for (std::size_t row = 0; row < statuses.size(); ++row) {
    if (statuses[row] != Status::running) continue;
    statuses[row] = Status::failed;
    lost.push_back(static_cast<std::uint32_t>(row));
    record::set_status(log, row, "F");
  }
  return lost;
}

}  // namespace malet::sweep
