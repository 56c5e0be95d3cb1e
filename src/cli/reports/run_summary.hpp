#pragma once

#include <optional>
#include <string>

#include "malet/experiment.hpp"

namespace malet::cli {

/// The lines that end a job: what it came to, where the logs are, and what to do next.
/// \param last the last progress; none when there was nothing to run.
/// \param program how the user calls this program, \param exp the folder as they named it.
[[nodiscard]] std::string run_summary(const RunReport& report, const std::optional<Progress>& last,
                                      const std::string& program, const std::string& exp);

}  // namespace malet::cli
