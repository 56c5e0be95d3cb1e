#include "cli/reports/progress.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/screen/text_table.hpp"

namespace malet::cli {

namespace {

constexpr std::size_t longest_bar = 30;
constexpr std::size_t shortest_bar = 5;
constexpr Seconds line_interval{30};

std::uint64_t done(const Counts& counts) {
  return counts.completed + counts.failed;
}

std::uint64_t remaining(const Counts& counts) {
  return counts.total - std::min(counts.total, done(counts));
}

/// Rounded down, so that 100 % means all of them.
std::uint64_t percent(const Counts& counts) {
  if (counts.total == 0) return 100;
  return static_cast<std::uint64_t>(100.0 * static_cast<double>(done(counts)) /
                                    static_cast<double>(counts.total));
}

std::string bar(const Counts& counts, std::size_t width) {
  const std::size_t filled = width * percent(counts) / 100;
  std::string text(filled, '=');
  if (filled < width) text += '>';
  text.resize(width, ' ');
  return "[" + text + "] ";
}

/// Draws over the line that stands there: back to its start, and clear to its end.
constexpr std::string_view clear_line = "\r\x1b[K";

constexpr std::uint64_t most_alike = 5;
// Beyond this the errors are all different, and nobody reads them all.
constexpr std::size_t most_texts = 1000;

}  // namespace

std::string progress_text(const Progress& progress) {
  const Counts& counts = progress.counts;
  std::string text = fmt::format("{}/{} ({} %)", done(counts), counts.total, percent(counts));
  if (counts.failed > 0) text += fmt::format("  {} failed", counts.failed);
  const double seconds = progress.elapsed.count();
  if (progress.finished_here > 0 && seconds > 0) {
    const double rate = static_cast<double>(progress.finished_here) / seconds;
    const Seconds left(static_cast<double>(remaining(counts)) / rate);
    text += fmt::format("  {}", rate_text(rate));
    if (remaining(counts) > 0) text += fmt::format("  ETA {}", clock_text(left));
  }
  if (progress.stopping) text += "  stopping";
  return text;
}

std::string progress_bar_line(const Progress& progress, std::size_t width) {
  std::string text = progress_text(progress);
  // A line as wide as the terminal would wrap on some; the bar has brackets and a blank.
  const std::size_t taken = text_width(text) + 4;
  if (width < taken + shortest_bar) return text.substr(0, std::max<std::size_t>(width, 1) - 1);
  return bar(progress.counts, std::min(longest_bar, width - taken)) + text;
}

void ProgressView::update(const Progress& progress) {
  last_ = progress;
  if (progress.warning != last_warning_) warn(progress.warning);
  for (const std::string& event : progress.events) {
    clear();
    log_->warn(event);
  }
  if (!shown_) return;
  if (terminal_) {
    draw(progress);
  } else if (progress.elapsed >= next_line_) {
    draw(progress);
    next_line_ = progress.elapsed + line_interval;
  }
}

void ProgressView::finish() {
  if (!last_ || !shown_) return;
  draw(*last_);
  if (drawn_) output_->write("\n");
  drawn_ = false;
}

void ProgressView::draw(const Progress& progress) {
  if (terminal_) {
    output_->write(std::string(clear_line) + progress_bar_line(progress, output_->width()));
    drawn_ = true;
    return;
  }
  std::string line = progress_text(progress) + "\n";
  if (line == last_line_) return;
  output_->write(line);
  last_line_ = std::move(line);
}

void ProgressView::warn(const std::string& warning) {
  last_warning_ = warning;
  if (warning.empty()) return;
  clear();
  log_->warn(warning);
}

void ProgressView::clear() {
  if (drawn_) output_->write(clear_line);
}

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
