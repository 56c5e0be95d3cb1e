#include "cli/screen/logger.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>

namespace malet::cli {

namespace {

constexpr std::array<std::string_view, 5> showing_warnings = {"trace", "debug", "info", "warning",
                                                              "warn"};
constexpr std::array<std::string_view, 4> hiding_warnings = {"error", "err", "critical", "off"};

bool is_in(const auto& levels, std::string_view level) {
  return std::find(levels.begin(), levels.end(), level) != levels.end();
}

}  // namespace

bool is_log_level(std::string_view level) {
  return is_in(showing_warnings, level) || is_in(hiding_warnings, level);
}

Logger::Logger(Output& output, std::string_view level)
    : output_(&output), shows_warnings_(is_in(showing_warnings, level)) {}

void Logger::warn(std::string_view text) {
  if (!shows_warnings_) return;
  output_->write(
      fmt::format("{:%H:%M:%S} warning: {}\n", fmt::localtime(std::time(nullptr)), text));
}

}  // namespace malet::cli
