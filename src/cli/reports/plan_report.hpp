#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "cli/reports/cost_report.hpp"
#include "cli/rows/row_formats.hpp"
#include "malet/config_iter.hpp"

namespace malet::cli {

/// What `plan` tells about an experiment.
struct PlanFacts {
  std::string experiment;
  ConfigIter configs;
  std::uint64_t completed = 0;  ///< distinct configs of the grid, here and below
  std::uint64_t failed = 0;
  std::uint64_t running = 0;
  /// The status of the config with that number: "complete", "failed", "running", else empty.
  std::function<std::string(std::uint64_t index)> status;
  std::optional<CostFacts> cost;  ///< of what is pending; nothing is told of it without
  std::optional<JobPlan> job;     ///< one that is to do it

  /// How many distinct configs are not complete; nothing where their number is not known.
  [[nodiscard]] std::optional<std::uint64_t> pending() const;
};

/// The document {experiment, total, duplicates, pending, remaining, grid_fields, static_configs,
/// configs}, `remaining` being a cost_document.
/// \param shown at most so many configs.
void write_plan_json(const PlanFacts& facts, std::uint64_t shown, const Sink& sink);

/// The same for people, in lines of at most `width` columns.
void write_plan_text(const PlanFacts& facts, std::uint64_t shown, std::size_t width,
                     const Sink& sink);

/// `1 config`, `480 configs`
[[nodiscard]] std::string config_count(std::uint64_t count);

}  // namespace malet::cli
