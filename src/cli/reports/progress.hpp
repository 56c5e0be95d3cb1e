#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "cli/screen/duration.hpp"
#include "cli/screen/logger.hpp"
#include "cli/screen/output.hpp"
#include "malet/progress.hpp"

namespace malet::cli {

/// `120/480 (25 %)  3 failed  12.3/s  ETA 0:00:29`, without line break.
[[nodiscard]] std::string progress_text(const Progress& progress);

/// The same behind a bar, `[=====>   ] `, as far as `width` columns have room for one.
[[nodiscard]] std::string progress_bar_line(const Progress& progress, std::size_t width);

/// Shows how far a job is: one line that is drawn anew on a terminal, else a line every 30 s. Its
/// only clock is Progress::elapsed.
class ProgressView {
 public:
  /// \param shown false shows nothing and only keeps the last progress; warnings are logged anyway.
  ProgressView(Output& output, Logger& log, bool shown)
      : output_(&output), log_(&log), shown_(shown), terminal_(output.is_terminal()) {}

  void update(const Progress& progress);
  /// Makes room for lines that somebody else writes to the same output.
  void clear();
  /// Ends the line, or writes a last one.
  void finish();

  /// The progress last heard of, if any.
  [[nodiscard]] const std::optional<Progress>& last() const { return last_; }

 private:
  void draw(const Progress& progress);
  void warn(const std::string& warning);

  Output* output_;
  Logger* log_;
  bool shown_;
  bool terminal_;
  bool drawn_ = false;  // a line of ours stands unfinished on the terminal
  Seconds next_line_{30};
  std::string last_line_;
  std::string last_warning_;
  std::optional<Progress> last_;
};

/// Tells of failed runs as they happen, but of the same failure a few times only.
class FailureView {
 public:
  FailureView(ProgressView& progress, Logger& log) : progress_(&progress), log_(&log) {}

  void show(const Failure& failure);

 private:
  ProgressView* progress_;
  Logger* log_;
  std::unordered_map<std::string, std::uint64_t> shown_;  // how often, by the error's text
};

}  // namespace malet::cli
