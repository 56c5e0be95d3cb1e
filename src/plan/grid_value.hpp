#pragma once

#include <string>

#include "malet/value.hpp"

namespace malet {

/// A value of the grid, with the texts that logs compare and write.
struct GridValue {
  Value value;
  std::string key;   ///< to_key(value); empty for null
  std::string cell;  ///< to_cell(value, tuple)
};

}  // namespace malet
