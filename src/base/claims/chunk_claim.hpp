#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace malet::base {

/// Who has a chunk of the configs in queue mode: the content of claims/{chunk}.
struct ChunkClaim {
  enum class State {
    held,  ///< a job runs its configs
    open,  ///< given back before all of it was run
    done,  ///< all of it was run
  };
  State state = State::held;
  std::string token;              ///< of the writer that wrote this
  std::vector<std::string> jobs;  ///< who has had it, in whose logs its results are; last: who has
  std::uint64_t failed = 0;       ///< of a done one: how many of its configs failed

  friend bool operator==(const ChunkClaim&, const ChunkClaim&) = default;
};

/// One line of JSON.
[[nodiscard]] std::string claim_text(const ChunkClaim& claim);

/// The inverse of claim_text. Nothing for a text that is no claim: torn, empty, or anything else.
/// Unknown fields are skipped. Never throws on any input.
[[nodiscard]] std::optional<ChunkClaim> parse_claim(std::string_view text);

}  // namespace malet::base
