#pragma once

#include <cstdint>
#include <string>

#include "malet/value.hpp"

/// The questions that are asked of W&B, in GraphQL.
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

/// More rows of a history than these the server does not send at once, it takes samples of them.
inline constexpr std::int64_t most_history_rows = 1000;

// Each gives the body of a request.

/// The config of a sweep.
[[nodiscard]] std::string sweep_query(const Project& project, const std::string& sweep);
/// A page of the sweep's runs that match `filter` (a map, or null), oldest first. An empty cursor
/// asks for the first page.
[[nodiscard]] std::string runs_query(const Project& project, const std::string& sweep,
                                     const Value& filter, const std::string& cursor);
/// The rows of a run's history within a window.
[[nodiscard]] std::string history_query(const Project& project, const std::string& run,
                                        const StepWindow& window);

}  // namespace malet::wandb
