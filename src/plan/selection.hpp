#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "malet/config_iter.hpp"

namespace malet {

/// Which configs of a grid a ConfigIter shows: an arithmetic progression of their numbers, or of
/// the places in a list of numbers, which is sorted.
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
  [[nodiscard]] bool holds(std::uint64_t index) const;
  [[nodiscard]] Selection slice(std::uint64_t from, std::uint64_t to) const;
  /// The numbers at positions from, from + distance, ...
  [[nodiscard]] Selection every(std::uint64_t distance, std::uint64_t from) const;
  /// The numbers i among these with i % total == current.
  [[nodiscard]] Selection split(std::uint64_t total, std::uint64_t current) const;
  [[nodiscard]] static Selection of(std::vector<std::uint64_t> numbers);
};

}  // namespace malet
