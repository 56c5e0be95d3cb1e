#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "malet/config_iter.hpp"

namespace malet {

/// A value of the grid, with the texts that logs compare and write.
struct GridValue {
  Value value;
  std::string key;   ///< to_key(value); empty for null
  std::string cell;  ///< to_cell(value, tuple)
};

/// The parsed grid: immutable, indexable in both directions, O(values) memory.
class ConfigIter::Grid {
 public:
  [[nodiscard]] std::uint64_t size() const;
  /// Writes the grid values of config `index` to `values`, one per grid field, nullptr where the
  /// sub-grid lacks the field. `values.size()` is the number of grid fields.
  void decode(std::uint64_t index, std::span<const GridValue*> values) const;
  /// The lowest index of the config with these key texts, one per grid field, empty for null or
  /// absent. No allocation.
  [[nodiscard]] std::optional<std::uint64_t> find(std::span<const std::string_view> keys) const;
};

}  // namespace malet
