#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/text/time_text.hpp"
#include "malet/value.hpp"
#include "record/table/file_mark.hpp"
#include "record/table/number_series.hpp"

/// The records of a log's journal as text: one line each, `checksum kind`, then what belongs to the
/// kind, between tabs (docs/log_format.md). Writing appends to a text; reading takes one line.
namespace malet::record {

/// The first record: which snapshot the journal goes on from, and what its columns are.
struct JournalHeader {
  FileMark snapshot;
  std::vector<std::string> grid_fields;
  std::vector<std::string> metric_fields;
  /// Series of numbers are kept in HDF5: cells hold their last values, and the journal has them as
  /// series records.
  bool series_apart = false;
};

/// A run began. Runs have numbers, which mean nothing outside their journal.
struct StartRecord {
  std::uint64_t run = 0;
  base::Micros at{};      ///< since the epoch
  std::string grid_line;  ///< the grid cells, as a row's line begins
};

/// A run reported.
struct StepRecord {
  enum class Kind : char {
    fresh = 'f',  ///< the first step of a series that starts anew
    more = 'm',   ///< goes on behind what there is
    set = 's',    ///< replaces the values of these names
  };
  std::uint64_t run = 0;
  Kind kind = Kind::more;
  /// Per metric how many elements its series had before: where the step goes, so that taking it
  /// twice changes nothing.
  std::vector<std::size_t> positions;
  Metrics metrics;
};

/// A run reported numbers of one metric, which are kept in HDF5.
struct SeriesRecord {
  std::uint64_t run = 0;
  StepRecord::Kind kind = StepRecord::Kind::more;  ///< more or set
  std::string metric;
  NumberSeries values;  ///< begin() is how many elements the series had before
};

/// A run ended: its row.
struct RowRecord {
  std::uint64_t run = 0;
  /// Columns whose series is that of the steps; empty in the line, so that no series is written
  /// twice. Where series are kept in HDF5 the line holds their last values.
  std::vector<std::size_t> series_columns;
  std::vector<std::size_t> series_lengths;  ///< of those in HDF5, as series_columns
  std::string line;
};

void append_header(std::string& out, const JournalHeader& header);
/// A metric column was added behind the others.
void append_column(std::string& out, std::string_view name);
void append_start(std::string& out, const StartRecord& start);
void append_step(std::string& out, const StepRecord& step);
/// One record for each stretch of numbers of one kind.
void append_series(std::string& out, std::uint64_t run, StepRecord::Kind kind,
                   std::string_view metric, const std::vector<NumberSeries::Stretch>& stretches);
void append_row(std::string& out, std::uint64_t run, const std::vector<std::size_t>& series_columns,
                std::string_view line, const std::vector<std::size_t>& series_lengths = {});

enum class RecordKind { header, column, start, step, series, row };

/// A record's kind, and the fields behind it.
struct JournalLine {
  RecordKind kind = RecordKind::row;
  std::string_view fields;
};

/// Splits a line without its line break, and checks it. The fields point into the line or into
/// `scratch`. Throws Error(bad_input) that says what is wrong with it, as the end of a sentence.
[[nodiscard]] JournalLine parse_line(std::string_view line, std::string& scratch);

// The fields of a line of that kind. Throw Error(bad_input) as parse_line does.
[[nodiscard]] JournalHeader parse_header(std::string_view fields);
[[nodiscard]] StartRecord parse_start(std::string_view fields);
[[nodiscard]] StepRecord parse_step(std::string_view fields);
[[nodiscard]] SeriesRecord parse_series(std::string_view fields);
[[nodiscard]] RowRecord parse_row(std::string_view fields);

/// Goes through a journal's text record by record.
class JournalReader {
 public:
  /// \param name stands for the file in messages.
  JournalReader(std::string_view text, std::string_view name);

  /// The next record; false at the end, and before a torn last record, which is what a crash leaves
  /// that came while it was written. Throws Error(bad_input) that names the byte for any other
  /// damage. The line is valid until the next call.
  bool next(JournalLine& line);
  /// How many bytes of a torn record stand at the end.
  [[nodiscard]] std::size_t torn_bytes() const { return size_ - text_.size(); }
  /// Throws Error(bad_input) that names the byte at which the record begins that was given last.
  [[noreturn]] void fail(std::string_view what) const;

 private:
  std::string_view text_;  // whole lines
  std::string name_;
  std::size_t size_;  // of all that there is
  std::size_t begin_ = 0;
  std::size_t next_ = 0;
  std::string scratch_;
};

// The fixed words of the records.
inline constexpr std::string_view plain_version = "1";
inline constexpr std::string_view series_version = "2";  // series of numbers are kept in HDF5
inline constexpr std::size_t sum_digits = 8;
inline constexpr std::array<std::string_view, 6> kinds = {"journal", "column", "start",
                                                          "step",    "series", "row"};
inline constexpr std::string_view number_kinds = "ri";  // by NumberKind
static_assert(std::endian::native == std::endian::little, "elements are written as they are");

}  // namespace malet::record
