#include "cli/reports/failure_view.hpp"

#include <fmt/format.h>

namespace malet::cli {

namespace {

constexpr std::uint64_t most_alike = 5;
// Beyond this the errors are all different, and nobody reads them all.
constexpr std::size_t most_texts = 1000;

}  // namespace

void FailureView::show(const Failure& failure) {
  if (shown_.size() >= most_texts && shown_.find(failure.error) == shown_.end()) return;
  const std::uint64_t times = ++shown_[failure.error];
  if (times > most_alike) return;
  progress_->clear();
  std::string text = fmt::format("config {} failed: {}", failure.index, failure.error);
  if (failure.will_retry) text += " (is tried again)";
  if (!failure.traceback.empty() && times == 1) text += "\n" + failure.traceback;
  if (times == most_alike) text += " (more of these are not shown)";
  log_->warn(text);
}

}  // namespace malet::cli
