#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "record/journal/journal_record.hpp"
#include "record/table/key_index.hpp"
#include "record/table/table.hpp"

/// Where the columns and rows of a journal stand in its log's table.
namespace malet::record {

/// Where a journal's columns are in its log.
class JournalColumns {
 public:
  /// Metric columns that the log lacks are added to it. Throws Error(bad_input) for other grid
  /// fields, as the end of a sentence about the record.
  JournalColumns(Table& table, const JournalHeader& header);

  /// A metric column more.
  void add(Table& table, std::string_view name);
  /// Throws Error(bad_input) for a column that the journal does not have.
  [[nodiscard]] std::string_view name(std::size_t column) const;
  /// A line in the journal's columns, or the beginning of one, in the log's.
  [[nodiscard]] std::string table_line(std::string_view line, const Table& table) const;

 private:
  std::vector<std::string> names_;
  std::vector<std::size_t> places_;  // per column of the journal
  bool same_ = true;                 // places_[i] == i
};

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
