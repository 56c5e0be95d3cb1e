#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "malet/config_iter.hpp"

namespace malet {

/// The configs of a grid that a ConfigIter shows: an arithmetic progression of their numbers, or of
/// positions in a sorted list of numbers.
struct ConfigIter::Selection {
  std::uint64_t first = 0;
  std::uint64_t step = 1;
  std::uint64_t count = 0;
  std::shared_ptr<const std::vector<std::uint64_t>> numbers;

  /// The number of the config at `position`.
  [[nodiscard]] std::uint64_t operator[](std::uint64_t position) const {
    const std::uint64_t place = first + position * step;
    return numbers ? (*numbers)[place] : place;
  }
  /// Whether the config with this number is one of these.
  [[nodiscard]] bool holds(std::uint64_t index) const;
  /// The numbers at positions from up to, not including, to (cut to count).
  [[nodiscard]] Selection slice(std::uint64_t from, std::uint64_t to) const;
  /// The numbers at positions from, from + distance, ...
  [[nodiscard]] Selection every(std::uint64_t distance, std::uint64_t from) const;
  /// The numbers i among these with i % total == current.
  [[nodiscard]] Selection split(std::uint64_t total, std::uint64_t current) const;
  /// A sorted list of numbers.
  [[nodiscard]] static Selection of(std::vector<std::uint64_t> numbers);
};

}  // namespace malet
