#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "sweep/schedule/work_feed.hpp"

namespace malet::sweep {

/// How a config stands in the logs.
enum class Standing : std::uint8_t { running, interrupted, failed, complete };

/// What logs say of configs.
struct Findings {
  struct Row {
    std::uint64_t index;  ///< first index of the config
    Standing standing;
  };
  std::vector<Row> rows;  ///< sorted by index
  /// Of configs that were interrupted or failed.
  std::unordered_map<std::uint64_t, LeftOver> left;
};

}  // namespace malet::sweep
