#pragma once

#include <string>

namespace malet::exec {

/// The name of the node this process is on: Slurm's, since several of its nodes can be one machine,
/// else the host's.
[[nodiscard]] std::string node_name();

}  // namespace malet::exec
