#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "wandb/query.hpp"

namespace malet::wandb {

/// Walks over the steps of a run in windows, so that each of them comes.
///
/// Asked for steps, W&B gives samples where they are more than most_history_rows. A window that is
/// narrower than that holds no more. Where steps lie far apart windows grow, as long as what comes
/// stays so far below that bound that it cannot be samples; else the same steps are asked for
/// again in narrower ones.
class HistoryWindows {
 public:
  /// \param last_step the last step there is; below 0: none
  explicit HistoryWindows(std::int64_t last_step) : last_step_(std::min(last_step, most_steps)) {}

  /// What to ask for, or nothing where all is there.
  [[nodiscard]] std::optional<StepWindow> next() const;
  /// Told how many rows came for it. Says whether they are all that there are.
  [[nodiscard]] bool take(std::size_t rows);

 private:
  static constexpr std::int64_t most_steps = std::int64_t{1} << 60;

  std::int64_t last_step_;
  std::int64_t begin_ = 0;
  std::int64_t width_ = most_history_rows - 1;  // also where a server counts `end` in
};

}  // namespace malet::wandb
