// Reads any bytes as two logs, apart by a NUL, and merges and reshapes them. What comes out must be
// a log that can be read; what cannot be done is an Error that leaves the log as it was.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "malet/error.hpp"
#include "malet/experiment_log.hpp"
#include "record/log/log_access.hpp"
#include "record/table/tsv.hpp"

namespace {

using malet::ExperimentLog;

std::string text_of(const ExperimentLog& log) {
  return malet::record::log_text(log.header(), malet::record::table_of(log));
}

void check_readable(const ExperimentLog& log) {
  const std::string text = text_of(log);
  if (text_of(ExperimentLog::from_text(text, "again.tsv")) != text) std::abort();
}

/// Whether it could be done; if not the log must be as it was.
template <typename Change>
bool changed(ExperimentLog& log, Change change) {
  const std::string before = text_of(log);
  try {
    change();
    return true;
  } catch (const malet::Error& error) {
    if (error.kind() != malet::ErrorKind::bad_input || text_of(log) != before) std::abort();
    return false;
  }
}

void reshape(ExperimentLog log) {
  const auto fields = log.all_fields();
  if (fields.empty()) return;
  const auto name = [](auto) { return malet::Value("a\tb"); };
  if (changed(log, [&] { log.derive_field("derived", name, {fields.front()}, true); })) {
    check_readable(log);
  }
  if (changed(log, [&] { log.drop_fields({fields.back()}); })) check_readable(log);
  if (changed(log, [&] { log.drop_duplicates({malet::Prefer::newest, {}}); })) check_readable(log);
}

void merge(const ExperimentLog& one, const ExperimentLog& other) {
  malet::MergeOptions options;
  options.same = false;
  options.rows.prefer = malet::Prefer::newest;
  ExperimentLog log = one;
  if (!changed(log, [&] { log.merge(other, options); })) return;
  check_readable(log);
  if (log.size() > one.size() + other.size()) std::abort();
  try {
    (void)log.melt_and_explode_metric({}, {}, false);
  } catch (const malet::Error&) {
  }
  reshape(std::move(log));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::uint8_t* const end = data + size;
  const std::uint8_t* const middle = std::find(data, end, std::uint8_t{0});
  if (middle == end) return 0;
  std::optional<ExperimentLog> logs[2];
  try {
    logs[0] = ExperimentLog::from_text(std::string(data, middle), "one.tsv");
    logs[1] = ExperimentLog::from_text(std::string(middle + 1, end), "other.tsv");
  } catch (const malet::Error&) {
    return 0;
  }
  merge(*logs[0], *logs[1]);
  return 0;
}
