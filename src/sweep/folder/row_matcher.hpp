#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "malet/config_iter.hpp"
#include "malet/experiment_log.hpp"

namespace malet::sweep {

/// Stands for "the config of this row is not in the grid".
inline constexpr std::uint64_t no_index = std::numeric_limits<std::uint64_t>::max();

/// For each row of a log the first index of its config, or no_index. The log must have been carried
/// over to the experiment's fields (record::carry_over). Rows are matched by key texts.
[[nodiscard]] std::vector<std::uint64_t> match_rows(const ExperimentLog& log,
                                                    const ConfigIter& configs);

}  // namespace malet::sweep
