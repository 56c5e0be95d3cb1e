// Reads any bytes as a log. What can be read must come back the same when it is written and read
// once more; what cannot be is an Error, and nothing else.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>

#include "malet/error.hpp"
#include "record/table/tsv.hpp"

namespace {

bool same_rows(const malet::record::Table& a, const malet::record::Table& b) {
  if (a.rows() != b.rows() || a.grid_fields() != b.grid_fields()) return false;
  if (a.metric_fields() != b.metric_fields()) return false;
  for (std::size_t row = 0; row < a.rows(); ++row) {
    if (a.line(row) != b.line(row) || a.cells(row) != b.cells(row)) return false;
  }
  return true;
}

/// Writes a log, reads that, and writes it once more.
void check_round_trip(const malet::record::LogText& log) {
  const std::string written = malet::record::log_text(log.header, log.table);
  const auto again = malet::record::parse_log(written, "again.tsv");
  if (!same_rows(log.table, again.table) || again.header != log.header) std::abort();
  if (malet::record::log_text(again.header, again.table) != written) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::optional<malet::record::LogText> log;
  try {
    log = malet::record::parse_log(std::string(data, data + size), "fuzz.tsv");
  } catch (const malet::Error& error) {
    if (error.kind() != malet::ErrorKind::bad_input) std::abort();
  }
  // An error beyond here ends the program: what was read once must be readable again.
  if (log) check_round_trip(*log);
  return 0;
}
