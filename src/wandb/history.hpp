#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "malet/value.hpp"
#include "wandb/asked.hpp"
#include "wandb/query.hpp"

namespace malet::wandb {

/// The rows of an answer to history_query with a step within the window. Throws as Asked::fail when
/// the answer holds no history.
[[nodiscard]] Value::List history_rows(const Value& data, const StepWindow& window,
                                       const Asked& asked);

/// Builds series from rows of a run's history: the values of each metric as logged, without steps
/// at which it was not logged.
class SeriesBuilder {
 public:
  /// \param picked the metrics that are wanted, see is_wanted
  explicit SeriesBuilder(const std::vector<std::string>& picked) : picked_(&picked) {}

  void add(const Value::List& rows);
  /// The number of rows added.
  [[nodiscard]] std::size_t rows() const { return rows_; }
  /// The series, in the order of their first values.
  [[nodiscard]] Value::Map take();

 private:
  const std::vector<std::string>* picked_;
  std::size_t rows_ = 0;
  std::vector<std::pair<std::string, Value::List>> series_;
  std::unordered_map<std::string, std::size_t> positions_;
};

/// Splits the steps of a run into windows, so that W&B sends every row.
///
/// For a window with more than most_history_rows rows W&B sends samples of them. A narrower window
/// cannot have so many. Where steps lie far apart, windows grow as long as their rows stay so far
/// below the bound that they cannot be samples; otherwise the same steps are asked for in a
/// narrower window.
class HistoryWindows {
 public:
  /// \param last_step the last step of the run; below 0: none
  explicit HistoryWindows(std::int64_t last_step) : last_step_(std::min(last_step, most_steps)) {}

  /// The window to ask for; nothing after the last one.
  [[nodiscard]] std::optional<StepWindow> next() const;
  /// Takes the number of rows that came for next(). False when they may be samples: then next() is
  /// a narrower window.
  [[nodiscard]] bool take(std::size_t rows);

 private:
  static constexpr std::int64_t most_steps = std::int64_t{1} << 60;

  std::int64_t last_step_;
  std::int64_t begin_ = 0;
  std::int64_t width_ = most_history_rows - 1;  // a server may include `end`
};

}  // namespace malet::wandb
