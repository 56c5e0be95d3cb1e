#pragma once

#include <string>

#include "exec/runner/runner.hpp"
#include "sweep/rank/run_limits.hpp"

namespace malet::sweep {

/// What a run's ending means.
struct Verdict {
  RunEnd end = RunEnd::complete;
  EndReason reason = EndReason::ok;
  std::string error;  ///< one line; empty for a complete run
};

/// What is known beside the ending itself.
struct VerdictFacts {
  EndCause cause = EndCause::none;
  bool kernel_was_short = false;  ///< of memory, and killed somebody meanwhile
  std::string limit;              ///< the limit that was passed, for people, as `10 s`
  std::string last_line;          ///< of its stderr
};

/// Judges a run by how its process ended and by what was done to it.
[[nodiscard]] Verdict judge(const exec::RunEnding& ending, const VerdictFacts& facts);

}  // namespace malet::sweep
