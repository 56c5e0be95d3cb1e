#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "sweep/schedule/work_feed.hpp"

namespace malet::sweep {

/// State of a config by the logs.
enum class Standing : std::uint8_t { running, interrupted, failed, complete };

/// States of configs as logs say.
struct Findings {
  struct Row {
    std::uint64_t index;  ///< first index of the config
    Standing standing;
  };
  std::vector<Row> rows;  ///< sorted by index
  /// For configs that were interrupted or failed.
  std::unordered_map<std::uint64_t, LeftOver> left;
};

/// States of configs as far as a queue job knows: by the logs at its start, and by what it has
/// learned since.
class Standings {
 public:
  /// \param known what the logs say at the start.
  explicit Standings(Findings known);

  /// Those of the numbers begin <= i < end that are known, by number.
  [[nodiscard]] std::vector<Findings::Row> between(std::uint64_t begin, std::uint64_t end) const;
  /// Nothing for a config that was never run.
  [[nodiscard]] std::optional<Standing> of(std::uint64_t index) const;

  void set(std::uint64_t index, Standing standing) { learned_[index] = standing; }
  /// Takes in what logs say of those numbers now; complete configs stay complete. Returns how many
  /// became complete.
  std::uint64_t learn(const Findings& found, std::uint64_t begin, std::uint64_t end);

  /// Takes what earlier attempts of a config left.
  [[nodiscard]] std::optional<LeftOver> take_left(std::uint64_t index);
  [[nodiscard]] bool has_left() const { return !left_.empty(); }

 private:
  std::vector<Findings::Row> known_;
  std::map<std::uint64_t, Standing> learned_;  // counts over known_
  std::unordered_map<std::uint64_t, LeftOver> left_;
};

}  // namespace malet::sweep
