#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "malet/value.hpp"
#include "wandb/asked.hpp"
#include "wandb/query.hpp"

namespace malet::wandb {

/// The rows of an answer to history_query whose step is within the window. Throws as Asked::fail
/// for what is no history.
[[nodiscard]] Value::List history_rows(const Value& data, const StepWindow& window,
                                       const Asked& asked);

/// Puts rows of a run's history together as series: a metric's values in the order in which it was
/// logged, without the steps at which it was not.
class SeriesBuilder {
 public:
  /// \param picked the metrics that are wanted, see is_wanted
  explicit SeriesBuilder(const std::vector<std::string>& picked) : picked_(&picked) {}

  void add(const Value::List& rows);
  /// How many rows there were.
  [[nodiscard]] std::size_t rows() const { return rows_; }
  /// The series, by the order in which they began.
  [[nodiscard]] Value::Map take();

 private:
  const std::vector<std::string>* picked_;
  std::size_t rows_ = 0;
  std::vector<std::pair<std::string, Value::List>> series_;
  std::unordered_map<std::string, std::size_t> positions_;
};

}  // namespace malet::wandb
