#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "malet/value.hpp"

namespace malet::exec {

/// Where a command writes its metrics.
enum class MetricSource {
  file,    ///< a file for them alone: a line that is none is an error
  output,  ///< stdout: lines that are none are ordinary output
};

/// What the lines of a command's metrics mean, taken as they come.
///
/// Each line is a JSON object of metrics (numbers, texts, booleans, lists; null says nothing) and a
/// step of their series, except that `{"final": {...}}`, with no other key, gives final values, and
/// so does a line that remains the only one. Hence the first line is held back until there is a
/// second one. Blank lines are ignored.
class MetricLines {
 public:
  /// The longest line, without its line break.
  static constexpr std::size_t longest_line = std::size_t{16} << 20U;

  explicit MetricLines(MetricSource source) : source_(source) {}

  /// The next bytes, cut anywhere. After an error they are ignored.
  void take(std::string_view bytes);

  /// The steps that are known by now and were not given before, in order; steps of nothing but
  /// nulls are left out.
  [[nodiscard]] std::vector<Metrics> steps();

  /// No bytes come any more: the final values, those of several `final` lines together, the later
  /// ones winning. A last line without a line break counts when it is complete, and is dropped when
  /// it was cut off. Call steps() once more afterwards.
  /// \param succeeded false when the command failed or was stopped: its only line is then the first
  ///   step of more to come, not its final values.
  [[nodiscard]] Metrics finish(bool succeeded = true);

  /// One sentence with the line's number, once there was a line (of a file) that is no JSON object
  /// of metrics or is longer than longest_line. Lines before it stay valid.
  [[nodiscard]] const std::optional<std::string>& error() const noexcept { return error_; }

 private:
  void take_rest(std::string_view bytes);
  void end_line(std::string_view line);
  void end_cut_line(std::string_view line);
  void refuse_long_line();
  void add(Value::Map fields);
  void release_first();
  void fail(std::string_view why);
  [[nodiscard]] bool is_ordinary(std::string_view line) const;

  MetricSource source_;
  std::string rest_;         ///< the beginning of a line whose end has not come
  bool skips_line_ = false;  ///< the line is too long, and ordinary output
  std::size_t line_ = 1;     ///< the number of the line that comes next
  bool several_ = false;     ///< there was more than one line of metrics
  std::optional<Metrics> first_;
  std::vector<Metrics> steps_;
  Metrics final_;
  std::optional<std::string> error_;
};

}  // namespace malet::exec
