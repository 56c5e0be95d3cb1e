#pragma once

#include <string_view>

namespace malet::base {

/// The real that a decimal number stands for: `-12.5e-3`, `1.`, `.5`, `+3`; what is too large is
/// infinite and what is too small is zero, as Python reads them. The text must be such a number.
[[nodiscard]] double read_decimal(std::string_view text);

}  // namespace malet::base
