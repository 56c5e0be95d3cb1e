#include "sweep/folder/earlier.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "malet/experiment.hpp"
#include "record/log/log_access.hpp"

namespace malet::sweep {

Earlier earlier_of(const Folder& folder, const ConfigRow& row) {
  Earlier earlier;
  const auto& infos = Experiment::infos();
  const LogTable cells =
      record::view_of(record::table_of(folder.logs[row.log]));  // without reading series
  for (auto& [name, value] : cells.metrics(row.row)) {
    if (name == "duration") {
      earlier.duration = base::parse_duration(to_cell(value)).value_or(base::Micros(0));
    }
    if (value.is_null()) continue;
    const bool is_info = std::find(infos.begin(), infos.end(), name) != infos.end();
    (is_info ? earlier.info : earlier.metrics).emplace_back(name, std::move(value));
  }
  earlier.log = row.log;
  earlier.series = record::series_of(folder.logs[row.log]);
  const std::uint64_t lost = folder.is_lost(row) ? 1 : 0;
  earlier.attempts = std::max<std::uint64_t>(folder.history_of(row.index).count + lost, 1);
  return earlier;
}

}  // namespace malet::sweep
