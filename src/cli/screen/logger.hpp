#pragma once

#include <string_view>

#include "cli/screen/output.hpp"

namespace malet::cli {

/// The levels of --log-level, from most to least.
inline constexpr std::string_view log_levels = "debug|info|warning|error|off";

/// Whether it is one of them, or another name of one.
[[nodiscard]] bool is_log_level(std::string_view level);

/// What a job has to say beside its progress: lines `12:34:56 warning: text` on an output.
class Logger {
 public:
  /// \param level the one from which on lines are shown.
  Logger(Output& output, std::string_view level);

  void warn(std::string_view text);

 private:
  Output* output_;
  bool shows_warnings_;
};

}  // namespace malet::cli
