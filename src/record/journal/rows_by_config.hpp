#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "record/table/key_index.hpp"
#include "record/table/table.hpp"

namespace malet::record {

/// The rows of a table, put by config.
class RowsByConfig {
 public:
  /// \param any_status whether a row takes the place of one with a better status.
  RowsByConfig(Table& table, bool any_status)
      : table_(table), index_(table), any_status_(any_status) {}

  /// The row of the config whose grid cells begin the line.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view line);
  /// Puts a line in its row's place, or at the end; gives the row, if the line was put.
  std::optional<std::size_t> put(std::string_view line);

 private:
  void read_keys(std::string_view line);
  [[nodiscard]] int rank(std::string_view line) const;

  Table& table_;
  KeyIndex index_;
  bool any_status_;
  std::vector<std::string> keys_;
  std::string unquoted_;
  std::string scratch_;
};

}  // namespace malet::record
