#include "sweep/forecast/expected_durations.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/text/time_text.hpp"
#include "plan/grid.hpp"
#include "record/log/log_access.hpp"
#include "record/table/key_text.hpp"
#include "record/table/table.hpp"
#include "sweep/forecast/duration_model.hpp"

namespace malet::sweep {

namespace {

/// What rows tell of durations.
struct Knowledge {
  explicit Knowledge(ConfigIter grid)
      : configs(std::move(grid)), model(configs.grid_fields().size()) {}

  [[nodiscard]] double seconds(std::uint64_t index) const;

  ConfigIter configs;
  DurationModel model;
  std::unordered_map<std::uint64_t, double> own;  // of configs that are not complete
};

double Knowledge::seconds(std::uint64_t index) const {
  std::vector<const GridValue*> values(configs.grid_fields().size());
  configs.parsed().decode(index, values);
  std::vector<std::string_view> keys;
  for (const GridValue* value : values) {
    keys.push_back(value == nullptr ? std::string_view() : std::string_view(value->key));
  }
  const auto lasted = own.find(index);
  return std::max(model.seconds(keys), lasted == own.end() ? 0 : lasted->second);
}

/// The rows of one log, read for their durations.
class DurationReader {
 public:
  DurationReader(const record::Table& table, const ConfigIter& configs)
      : table_(table), status_(table.column("status")), duration_(table.column("duration")) {
    for (const std::string& field : configs.grid_fields()) axes_.push_back(table.column(field));
    scratches_.resize(axes_.size());
  }

  /// Nothing where the row tells none.
  std::optional<double> seconds(std::size_t row) {
    if (!duration_) return std::nullopt;
    table_.split(row, cells_, scratch_);
    const auto duration = base::parse_duration(cells_[*duration_]);
    if (!duration || duration->count() <= 0) return std::nullopt;
    return std::chrono::duration<double>(*duration).count();
  }

  // Of the row that seconds() was asked for last:
  [[nodiscard]] bool is_complete() const {
    return status_ && parse_status(cells_[*status_]) == Status::complete;
  }
  const std::vector<std::string_view>& keys() {
    keys_.clear();
    for (std::size_t i = 0; i < axes_.size(); ++i) {
      keys_.push_back(axes_[i] ? record::cell_key(cells_[*axes_[i]], scratches_[i])
                               : std::string_view());
    }
    return keys_;
  }

 private:
  const record::Table& table_;
  std::optional<std::size_t> status_;
  std::optional<std::size_t> duration_;
  std::vector<std::optional<std::size_t>> axes_;  // the columns of the grid's fields
  std::vector<std::string_view> cells_;
  std::vector<std::string_view> keys_;
  std::vector<std::string> scratches_;  // one per key: they are used together
  std::string scratch_;
};

void learn(Knowledge& knowledge, const Folder& folder, std::size_t most) {
  std::vector<DurationReader> readers;
  std::vector<std::uint64_t> ends;  // of the logs' rows, counted over all logs
  for (const ExperimentLog& log : folder.logs) {
    readers.emplace_back(record::table_of(log), folder.configs);
    ends.push_back((ends.empty() ? 0 : ends.back()) + record::table_of(log).rows());
  }
  const std::uint64_t rows = ends.empty() ? 0 : ends.back();
  for (std::uint64_t turn = 0; turn < std::min<std::uint64_t>(rows, most); ++turn) {
    const std::uint64_t at = sample_position(turn, rows, most);
    const auto log =
        static_cast<std::size_t>(std::upper_bound(ends.begin(), ends.end(), at) - ends.begin());
    const auto seconds = readers[log].seconds(at - (log == 0 ? 0 : ends[log - 1]));
    if (seconds && readers[log].is_complete()) {
      knowledge.model.add(readers[log].keys(), *seconds);
    }
  }
  knowledge.model.fit();
  for (const ConfigRow& row : folder.rows) {
    if (row.status == Status::complete) continue;
    const auto seconds = readers[row.log].seconds(row.row);
    if (seconds) knowledge.own.emplace(row.index, *seconds);
  }
}

constexpr std::size_t most_earlier = 64;

}  // namespace

std::uint64_t sample_position(std::uint64_t turn, std::uint64_t size, std::uint64_t most) {
  if (size <= most) return turn;
  // Multiples of the golden ratio, less their whole part, are spread evenly however many there are.
  constexpr double golden = 0.6180339887498949;
  const double share = std::fmod(static_cast<double>(turn) * golden, 1.0);
  return std::min(static_cast<std::uint64_t>(share * static_cast<double>(size)), size - 1);
}

ExpectedDurations expect_durations(const Folder& folder, std::size_t most) {
  const auto knowledge = std::make_shared<Knowledge>(folder.configs);
  learn(*knowledge, folder, most);
  return {[knowledge](std::uint64_t index) { return knowledge->seconds(index); },
          !knowledge->model.is_empty(), knowledge->model.spread()};
}

std::vector<std::chrono::microseconds> earlier_times(const Folder& folder, const Scope& scope) {
  std::vector<std::chrono::microseconds> times;
  // Rows are read a few at a time, since there may be a million of them.
  const std::size_t stride = std::max<std::size_t>(folder.rows.size() / most_earlier, 1);
  for (std::size_t i = 0; i < folder.rows.size() && times.size() < most_earlier; i += stride) {
    const ConfigRow& row = folder.rows[i];
    if (row.status != Status::complete || !scope.configs.holds(row.index)) continue;
    const auto time = base::parse_duration(folder.logs[row.log].df().text(row.row, "duration"));
    if (time && time->count() > 0) times.push_back(*time);
  }
  return times;
}

}  // namespace malet::sweep
