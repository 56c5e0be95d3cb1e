#include "wandb/history_windows.hpp"

#include <algorithm>

namespace malet::wandb {

namespace {

constexpr std::int64_t narrow = most_history_rows - 1;
constexpr std::int64_t step_of_width = 4;

}  // namespace

std::optional<StepWindow> HistoryWindows::next() const {
  if (begin_ > last_step_) return std::nullopt;
  return StepWindow{begin_, begin_ + std::min(width_, last_step_ - begin_ + 1)};
}

bool HistoryWindows::take(std::size_t rows) {
  const auto count = static_cast<std::int64_t>(rows);
  if (width_ > narrow && count > most_history_rows / 2) {
    width_ = std::max(narrow, width_ / step_of_width);
    return false;
  }
  begin_ += std::min(width_, last_step_ - begin_ + 1);
  if (count < most_history_rows / 4 && width_ <= last_step_ / step_of_width) {
    width_ *= step_of_width;
  }
  return true;
}

}  // namespace malet::wandb
