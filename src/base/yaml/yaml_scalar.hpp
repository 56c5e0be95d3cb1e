#pragma once

#include <optional>
#include <string_view>

#include "base/yaml/yaml.hpp"

namespace malet::base::yaml {

/// The value of a plain scalar under a schema: null, boolean, integer, real, else text. Nothing for
/// an integer beyond 64 bits.
[[nodiscard]] std::optional<Value> resolve_plain(std::string_view text, Schema schema);

}  // namespace malet::base::yaml
