#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cli/screen/output.hpp"

namespace spdlog {
class logger;
}

namespace malet::cli {

/// The levels of --log-level, from most to least.
inline constexpr std::string_view log_levels = "debug|info|warning|error|off";

/// Whether it is one of them.
[[nodiscard]] bool is_log_level(std::string_view level);

/// What a job has to say beside its progress: lines `12:34:56 warning: text` on an output, from a
/// level on (one of log_levels).
[[nodiscard]] std::shared_ptr<spdlog::logger> make_logger(Output& output, std::string_view level);

}  // namespace malet::cli
