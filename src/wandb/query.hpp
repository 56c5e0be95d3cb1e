#pragma once

#include <cstdint>
#include <string>

#include "malet/value.hpp"

/// The questions to W&B, in GraphQL. Each query function returns the body of a request.
namespace malet::wandb {

struct Project {
  std::string entity;
  std::string name;

  [[nodiscard]] std::string text() const { return entity + "/" + name; }
};

/// Steps from `begin` up to, not including, `end`.
struct StepWindow {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

/// The most rows of a history in one answer; the server sends samples when there are more.
inline constexpr std::int64_t most_history_rows = 1000;

/// Asks for the config of a sweep.
[[nodiscard]] std::string sweep_query(const Project& project, const std::string& sweep);
/// Asks for a page of the sweep's runs that match `filter` (a map or null), oldest first. An empty
/// cursor means the first page.
[[nodiscard]] std::string runs_query(const Project& project, const std::string& sweep,
                                     const Value& filter, const std::string& cursor);
/// Asks for the rows of a run's history within a window.
[[nodiscard]] std::string history_query(const Project& project, const std::string& run,
                                        const StepWindow& window);

}  // namespace malet::wandb
