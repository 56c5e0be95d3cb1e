#include "sweep/forecast/expected_durations.hpp"

#include <algorithm>
#include <chrono>
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

/// Whether a row is one of the sample that every `stride`-th row would be, if these kept no step
/// with the fields of the grid: it is drawn by its number.
bool is_drawn(std::uint64_t row, std::uint64_t stride) {
  constexpr std::uint64_t golden = 0x9E3779B97F4A7C15;
  return stride <= 1 || (row * golden >> 32U) % stride == 0;
}

void learn(Knowledge& knowledge, const Folder& folder, std::size_t most) {
  std::size_t rows = 0;
  for (const ExperimentLog& log : folder.logs) rows += record::table_of(log).rows();
  const std::size_t stride = rows / most;
  std::vector<DurationReader> readers;
  for (const ExperimentLog& log : folder.logs) {
    DurationReader& reader = readers.emplace_back(record::table_of(log), folder.configs);
    for (std::size_t row = 0; row < record::table_of(log).rows(); ++row) {
      if (!is_drawn(row, stride)) continue;
      const auto seconds = reader.seconds(row);
      if (seconds && reader.is_complete()) knowledge.model.add(reader.keys(), *seconds);
    }
  }
  knowledge.model.fit();
  for (const ConfigRow& row : folder.rows) {
    if (row.status == Status::complete) continue;
    const auto seconds = readers[row.log].seconds(row.row);
    if (seconds) knowledge.own.emplace(row.index, *seconds);
  }
}

}  // namespace

ExpectedDurations expect_durations(const Folder& folder, std::size_t most) {
  const auto knowledge = std::make_shared<Knowledge>(folder.configs);
  learn(*knowledge, folder, most);
  return {[knowledge](std::uint64_t index) { return knowledge->seconds(index); },
          !knowledge->model.is_empty(), knowledge->model.spread()};
}

}  // namespace malet::sweep
