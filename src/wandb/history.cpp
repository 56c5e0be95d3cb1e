#include "wandb/history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/json/json_read.hpp"
#include "malet/error.hpp"
#include "wandb/run.hpp"

namespace malet::wandb {

namespace {

/// A row stands in the answer as JSON text.
Value parse_row(const Value& row, const Asked& asked) {
  try {
    Value parsed = row.is_text() ? base::read_json(row.text()) : row;
    if (parsed.is_map()) return parsed;
  } catch (const Error& error) {
    asked.fail(fmt::format("a row of its history is no JSON ({}): try again", error.what()));
  }
  asked.fail("a row of its history is no map: check WANDB_BASE_URL");
}

bool is_within(const Value& row, const StepWindow& window, const Asked& asked) {
  const Value* step = row.find("_step");
  if (step == nullptr || !step->is_number()) {
    asked.fail("a row of its history has no _step: import it without --all-steps");
  }
  const double number = step->number();
  return number >= static_cast<double>(window.begin) && number < static_cast<double>(window.end);
}

constexpr std::int64_t narrow = most_history_rows - 1;
constexpr std::int64_t step_of_width = 4;

}  // namespace

Value::List history_rows(const Value& data, const StepWindow& window, const Asked& asked) {
  const Value* found = data.find("project");
  for (const char* name : {"run", "history"}) {
    if (found != nullptr) found = found->find(name);
  }
  if (found == nullptr || !found->is_list()) {
    asked.fail("it came without its history: try again, or import without --all-steps");
  }
  Value::List rows;
  for (const Value& row : found->list()) {
    Value parsed = parse_row(row, asked);
    if (is_within(parsed, window, asked)) rows.push_back(std::move(parsed));
  }
  return rows;
}

void SeriesBuilder::add(const Value::List& rows) {
  rows_ += rows.size();
  for (const Value& row : rows) {
    for (const auto& [name, value] : row.map()) {
      if (!is_wanted(name, *picked_)) continue;
      auto scalar = scalar_of(value);
      if (!scalar) continue;
      const auto [position, is_new] = positions_.try_emplace(name, series_.size());
      if (is_new) series_.emplace_back(name, Value::List());
      series_[position->second].second.push_back(std::move(*scalar));
    }
  }
}

Value::Map SeriesBuilder::take() {
  Value::Map series;
  for (auto& [name, values] : series_) series.emplace_back(name, std::move(values));
  series_.clear();
  positions_.clear();
  return series;
}

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
