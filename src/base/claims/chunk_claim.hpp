#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace malet::base {

/// Which queue job has a chunk of the configs: the content of claims/{chunk}.
struct ChunkClaim {
  enum class State {
    held,  ///< a job runs its configs
    open,  ///< given back before all its configs were run
    done,  ///< all its configs were run
  };
  State state = State::held;
  std::string token;  ///< of the writer that wrote this
  std::vector<std::string>
      jobs;                  ///< all jobs that had it, whose logs hold its results; newest last
  std::uint64_t failed = 0;  ///< when done: how many of its configs failed

  friend bool operator==(const ChunkClaim&, const ChunkClaim&) = default;
};

/// One line of JSON.
[[nodiscard]] std::string claim_text(const ChunkClaim& claim);

/// The inverse of claim_text. Nothing for any other text, such as a torn or empty one. Skips
/// unknown fields. Never throws.
[[nodiscard]] std::optional<ChunkClaim> parse_claim(std::string_view text);

}  // namespace malet::base
