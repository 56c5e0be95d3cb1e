#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "cli/reports/progress.hpp"
#include "malet/progress.hpp"

namespace malet::cli {

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
