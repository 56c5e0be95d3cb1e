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
  file,    ///< its metrics file: any other line is an error
  output,  ///< stdout: other lines are ordinary output
};

/// Reads the lines of a command's metrics as they come.
///
/// Each line is a JSON object of metrics (numbers, texts, booleans, lists; nulls are ignored) and a
/// step of their series. A line `{"final": {...}}`, with no other key, gives final values, and so
/// does the only line. Hence the first line is held back until there is a second one. Blank lines
/// are ignored.
class MetricLines {
 public:
  /// The longest line, without its line break.
  static constexpr std::size_t longest_line = std::size_t{16} << 20U;

  explicit MetricLines(MetricSource source) : source_(source) {}

  /// Takes the next bytes, cut anywhere; ignores them after an error.
  void take(std::string_view bytes);

  /// New steps since the last call, in order, without steps of nulls only.
  [[nodiscard]] std::vector<Metrics> steps();

  /// Ends the reading; gives the final values, later `final` lines overriding earlier ones. A last
  /// line without line break counts if it is complete. Call steps() once more afterwards.
  /// \param succeeded false if the command failed or was stopped: its only line is then a step.
  [[nodiscard]] Metrics finish(bool succeeded = true);

  /// An error in the metrics file, with the line's number: a line is no JSON object of metrics or
  /// longer than longest_line. Earlier lines stay valid.
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
  std::string rest_;         ///< an unfinished line
  bool skips_line_ = false;  ///< the unfinished line is too long
  std::size_t line_ = 1;     ///< the next line's number
  bool several_ = false;     ///< there was more than one line of metrics
  std::optional<Metrics> first_;
  std::vector<Metrics> steps_;
  Metrics final_;
  std::optional<std::string> error_;
};

}  // namespace malet::exec
