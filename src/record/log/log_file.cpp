#include "record/log/log_file.hpp"

#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/files/files.hpp"
#include "base/files/paths.hpp"
#include "base/text/reject.hpp"
#include "malet/error.hpp"
#include "record/journal/journal_replay.hpp"
#include "record/log/log_access.hpp"
#include "record/log/series_upkeep.hpp"
#include "record/table/cells.hpp"
#include "record/table/tsv.hpp"

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
  SeriesByRun series(std::move(store));
  RunIds ids(log.static_configs(), log.grid_fields());
  for (auto& [row, tail] : tails) {
    series.set_tails(ids.of_row(table_of(log), row), std::move(tail));
  }
  if (series.empty()) return;
  check_series(log, series, use == SeriesUse::known);
  set_series(log, std::make_shared<const SeriesByRun>(std::move(series)));
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
    replay = replay_journal(change_table(read.log), *texts.journal, name, texts.mark);
    read.torn_bytes = replay.torn_bytes;
  }
  if (use != SeriesUse::none) {
    attach_series(read.log, std::move(texts.series), std::move(replay.tails), use);
  }
  return read;
}

void write_tsv(const ExperimentLog& log, const std::optional<std::filesystem::path>& path) {
  const std::filesystem::path& file = path ? *path : log.logs_file();
  if (file.empty()) reject("the log has no file to be written to: give its path");
  (void)write_tsv(file, log.header(), table_of(log));
}

void set_status(ExperimentLog& log, std::size_t row, std::string_view status) {
  const Table& table = table_of(log);
  const auto status_column = table.column("status");
  if (status_column) change_table(log).replace_cell(row, *status_column, status);
}

}  // namespace malet::record
