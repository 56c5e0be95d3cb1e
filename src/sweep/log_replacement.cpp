#include "sweep/log_replacement.hpp"

#include <fmt/format.h>

#include <system_error>

#include "base/files.hpp"
#include "base/paths.hpp"
#include "malet/error.hpp"
#include "record/log_lock.hpp"
#include "record/series_segments.hpp"
#include "record/tsv.hpp"
#include "sweep/folder.hpp"

namespace malet::sweep {

namespace {

namespace fs = std::filesystem;

std::string text_of(const ExperimentLog& log) {
  return record::log_text(log.header(), log.table());
}

[[noreturn]] void refuse(const fs::path& file, std::string_view what) {
  throw Error(ErrorKind::bad_input, fmt::format("{}: {}", file.string(), what));
}

/// Whether the file is there with that very content, so that there is nothing to do.
bool is_same(const ExperimentLog& log, const fs::path& file) {
  return fs::is_regular_file(file) && base::read_file(file) == text_of(log);
}

/// With a journal that stays its log must fit: killed in between, there are two logs that do.
void close_journal(const fs::path& file, const Replacement& may) {
  const fs::path journal = base::paths::journal(file);
  if (!fs::exists(journal)) return;
  if (may.source != nullptr) may.source->to_tsv(file);
  std::error_code error;
  if (!fs::remove(journal, error)) refuse(journal, "cannot be removed: " + error.message());
}

}  // namespace

void replace_log(const ExperimentLog& log, const fs::path& file, const Replacement& may) {
  const fs::path journal = base::paths::journal(file);
  if (may.source == nullptr && !may.force) {
    if (fs::exists(journal)) {
      refuse(journal, "there are results of another log: name that one, too, or use --force");
    }
    if (is_same(log, file)) return;
    if (fs::exists(file)) {
      refuse(file, "the file exists and is none of the logs: name another one, or use --force");
    }
  }
  if (fs::is_directory(file)) refuse(file, "is a folder: give the name of a file");
  const auto lock = record::lock_log(file, std::chrono::milliseconds(0));
  if (may.source != nullptr && text_of(open_log(file, &lock->writer())) != text_of(*may.source)) {
    refuse(file, "somebody wrote this log in the meantime: try again");
  }
  close_journal(file, may);
  record::write_tsv(log, {}, file);
  record::remove_series(file);  // the log has its own in its cells
}

}  // namespace malet::sweep
