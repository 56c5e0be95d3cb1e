#include "record/log_file.hpp"

#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/files.hpp"
#include "base/paths.hpp"
#include "malet/error.hpp"
#include "record/journal_replay.hpp"
#include "record/line_builder.hpp"
#include "record/table.hpp"

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
};

/// Reads both until they belong together, or stay as they are.
Texts read_texts(const std::filesystem::path& file) {
  const auto journal = base::paths::journal(file);
  Texts texts;
  std::optional<FileMark> before;
  for (int look = 0; look < most_looks; ++look) {
    const auto stamp = stamp_of(file);
    texts.log = base::read_file(file);
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

}  // namespace

LogFile read_log(const std::filesystem::path& file) {
  Texts texts = read_texts(file);
  LogFile read{ExperimentLog::from_text(std::move(texts.log), file.string()), false, 0};
  read.log.set_logs_file(file);
  if (!texts.journal) return read;
  read.has_journal = true;
  const std::string name = base::paths::journal(file).string();
  read.torn_bytes = replay_journal(read.log.table(), *texts.journal, name, texts.mark).torn_bytes;
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
