#pragma once

#include <string_view>

namespace malet::base {

/// Why a name cannot be that of a field or a column, as the end of a sentence; empty where it can.
/// What passes can stand in the head of a log.
[[nodiscard]] std::string_view name_flaw(std::string_view name);

}  // namespace malet::base
