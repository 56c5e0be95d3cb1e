#pragma once

#include "malet/value.hpp"

namespace malet::base {

/// Leaves each name once, as Python's dict does: at its first place, with its last value. The order
/// is kept. Takes n log n steps.
void keep_last_values(Value::Map& fields);

}  // namespace malet::base
