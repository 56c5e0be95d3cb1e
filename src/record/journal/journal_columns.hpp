#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "record/journal/journal_record.hpp"
#include "record/table/table.hpp"

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

}  // namespace malet::record
