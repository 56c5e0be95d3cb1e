#pragma once

#include <string>
#include <vector>

#include "malet/value.hpp"
#include "wandb/asked.hpp"

namespace malet::wandb {

/// The names of the parameters that a sweep varies, in the order of its config (YAML): those with
/// several values or a distribution. Nested ones are joined by dots, as in a run's config. Takes
/// the answer to sweep_query. Throws as Asked::fail where there is no such project or sweep, or its
/// config is none.
[[nodiscard]] std::vector<std::string> swept_parameters(const Value& data, const Asked& asked);

}  // namespace malet::wandb
