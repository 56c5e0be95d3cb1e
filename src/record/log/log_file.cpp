#include "record/log/log_file.hpp"

#include <memory>
#include <optional>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "base/files/files.hpp"
#include "base/files/paths.hpp"
#include "malet/error.hpp"
#include "record/journal/journal_replay.hpp"
#include "record/series/log_series.hpp"
#include "record/table/line_builder.hpp"
#include "record/table/table.hpp"

namespace malet::record {

namespace {

// A writer may put a snapshot in place while we are between log and journal; it does so every two
// seconds at most.
constexpr int most_looks = 5;

/// The file's text; nothing where there is none.
std::optional<std::string> read_if_there(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) return std::nullopt;
  try {
    return base::read_file(file);
  } catch (const Error&) {
    if (!std::filesystem::exists(file)) return std::nullopt;  // its writer removed it just now
    throw;
  }
}

/// What tells a file from the one that takes its place.
using Stamp = std::pair<std::uintmax_t, std::filesystem::file_time_type>;

Stamp stamp_of(const std::filesystem::path& file) {
  std::error_code ignored;
  return {std::filesystem::file_size(file, ignored),
          std::filesystem::last_write_time(file, ignored)};
}

struct Texts {
  std::string log;
  std::optional<std::string> journal;
  FileMark mark;  // of the log, where there is a journal
  SeriesStore series;
};

/// Reads all until they belong together, or stay as they are. Segments of series are written before
/// the snapshot of the log, so what they have and the log lacks is in a journal that is read after
/// them.
Texts read_texts(const std::filesystem::path& file, SeriesUse use) {
  const auto journal = base::paths::journal(file);
  Texts texts;
  std::optional<FileMark> before;
  for (int look = 0; look < most_looks; ++look) {
    const auto stamp = stamp_of(file);
    texts.log = base::read_file(file);
    if (use != SeriesUse::none) {
      texts.series = SeriesStore::open(file);
    } else {
      SeriesStore::refuse_dangling(file);
    }
    texts.journal = read_if_there(journal);
    // A job that ends replaces the log and then removes the journal.
    if (!texts.journal && stamp == stamp_of(file)) return texts;
    if (!texts.journal) continue;
    texts.mark = mark_of(texts.log);
    if (followed_snapshot(*texts.journal, journal.string()) == texts.mark) return texts;
    if (before == texts.mark) return texts;
    before = texts.mark;
  }
  return texts;
}

void attach_series(ExperimentLog& log, SeriesStore store,
                   std::unordered_map<std::size_t, RunTails> tails, SeriesUse use) {
  LogSeries series(std::move(store));
  RunIds ids(log.static_configs(), log.grid_fields());
  for (auto& [row, tail] : tails) {
    series.set_tails(ids.of_row(std::as_const(log).table(), row), std::move(tail));
  }
  if (series.empty()) return;
  check_series(log, series, use == SeriesUse::known);
  log.set_series(std::make_shared<const LogSeries>(std::move(series)));
}

}  // namespace

LogFile read_log(const std::filesystem::path& file, SeriesUse use) {
  Texts texts = read_texts(file, use);
  LogFile read{ExperimentLog::from_text(std::move(texts.log), file.string()), false, 0};
  read.log.set_logs_file(file);
  Replay replay;
  if (texts.journal) {
    read.has_journal = true;
    const std::string name = base::paths::journal(file).string();
    replay = replay_journal(read.log.table(), *texts.journal, name, texts.mark);
    read.torn_bytes = replay.torn_bytes;
  }
  if (use != SeriesUse::none) {
    attach_series(read.log, std::move(texts.series), std::move(replay.tails), use);
  }
  return read;
}

void set_status(ExperimentLog& log, std::size_t row, std::string_view status) {
  const Table& table = std::as_const(log).table();
  const auto status_column = table.column("status");
  LineBuilder builder;
  CellWalk walk(table.line(row));
  std::string_view cell;
  for (std::size_t column = 0; column < table.cells(row) && walk.next(cell); ++column) {
    builder.add_escaped(status_column == column ? status : cell);
  }
  log.table().replace(row, builder.line());
}

}  // namespace malet::record
