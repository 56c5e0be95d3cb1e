#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "malet/experiment_log.hpp"

namespace malet::sweep {

/// What a row says of its config; the larger one speaks where a config has several rows.
enum class Status : std::uint8_t { none, running, failed, complete };

/// The status that a cell of the status column stands for.
[[nodiscard]] Status parse_status(std::string_view cell);

/// The statuses of all rows of a log.
[[nodiscard]] std::vector<Status> statuses_of(const ExperimentLog& log);

/// Makes rows of runs that nobody runs any more failed ones; gives their numbers.
/// \param statuses of the log's rows; follow.
std::vector<std::uint32_t> fail_lost_rows(ExperimentLog& log, std::vector<Status>& statuses);

}  // namespace malet::sweep
