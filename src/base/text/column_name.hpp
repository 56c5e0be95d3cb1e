#pragma once

#include <string>
#include <string_view>

namespace malet::base {

/// Why a name cannot be that of a log's column, as the end of a sentence ("begins or ends with a
/// blank"); empty where it can.
[[nodiscard]] std::string_view name_flaw(std::string_view name);

/// A name in single quotes for messages, on one line whatever it holds.
[[nodiscard]] std::string quoted_name(std::string_view name);

}  // namespace malet::base
