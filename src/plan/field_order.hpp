#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/yaml/yaml.hpp"

namespace malet::plan {

/// The grid's fields in the order that `grid_fields` at the top of the document asks for, or as
/// they are. Throws Error(bad_input) `file:line: ...` where it does not name each of them once.
[[nodiscard]] std::vector<std::string> ordered_fields(const base::yaml::Node& root,
                                                      std::vector<std::string> fields,
                                                      std::string_view file);

}  // namespace malet::plan
