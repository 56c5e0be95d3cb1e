#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

#include "record/journal/journal_record.hpp"
#include "record/journal/run_series.hpp"
#include "record/table/table.hpp"

namespace malet::record {

/// Result of reading a journal.
struct Replay {
  bool follows = true;         ///< the journal goes on from this very snapshot
  std::size_t torn_bytes = 0;  ///< of a last record that was being written
  /// By row: how the journal continues series that are kept in HDF5.
  std::unordered_map<std::size_t, RunTails> tails;
};

/// Brings a log's rows up to what its journal says. Runs that began and did not end get rows with
/// status R and what they had reported.
///
/// Doing it again changes nothing. Where the journal does not follow the snapshot (which is newer,
/// or was edited), a row takes the place of the log's only if its status is no worse: C over F over
/// R.
/// \param name stands for the journal in messages.
/// Throws Error(bad_input) for a journal that is damaged before its last record, or that belongs to
/// a log with other grid fields; the table is then to be thrown away.
Replay replay_journal(Table& table, std::string_view journal, std::string_view name,
                      const FileMark& snapshot);

/// Which snapshot a journal follows; of a journal without a whole header, none.
[[nodiscard]] FileMark followed_snapshot(std::string_view journal, std::string_view name);

}  // namespace malet::record
