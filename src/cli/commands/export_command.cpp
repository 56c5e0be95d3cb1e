#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include "base/files/files.hpp"
#include "base/files/paths.hpp"
#include "base/text/reject.hpp"
#include "cli/commands/commands.hpp"
#include "cli/options/folder_check.hpp"
#include "cli/options/forms.hpp"
#include "cli/rows/row_file.hpp"
#include "cli/rows/row_set.hpp"
#include "record/series/series_store.hpp"
#include "record/table/tsv.hpp"

namespace malet::cli {

namespace {

struct ExportFlags {
  std::string what;
  std::string out;
  bool melted = false;
  bool inlined = false;
};

/// A log as Malet has it, with all of its series in its cells.
void write_inlined(const RowSet& rows, const std::string& file) {
  if (format_of(file) != RowFormat::tsv) {
    reject("{}: --inline writes a log: name a file that ends with .tsv", file);
  }
  rows.to_log().to_tsv(file);
}

bool is_log(const std::filesystem::path& file) {
  return std::filesystem::is_regular_file(file) &&
         base::read_file(file).starts_with(record::tsv_title);
}

[[noreturn]] void refuse(const std::string& file, const std::string& what) {
  reject("{}: {}: name another file", file, what);
}

bool is_series_of(const std::filesystem::path& file, const std::filesystem::path& log) {
  std::error_code ignored;
  const auto series = base::paths::series(log);
  return series == file || std::filesystem::equivalent(series, file, ignored);
}

/// Files of an experiment folder by their names, whether they are there yet or not.
void refuse_place(const std::string& file) {
  const auto path = std::filesystem::weakly_canonical(std::filesystem::absolute(file));
  const auto folder = base::paths::folder_of(path);
  if (folder != path.parent_path()) refuse(file, "every file in this folder is taken for a log's");
  if (path.parent_path().filename().string().ends_with(".h5.d")) {
    refuse(file, "this folder has the series of a log");
  }
  if (!std::filesystem::exists(base::paths::exp_config(folder))) return;
  const auto log = base::paths::log(folder);
  if (path == log || path == base::paths::series(log) || path == base::paths::attempts(log)) {
    refuse(file, "this is where the experiment has its results");
  }
}

/// Results are never written over a log or its series, nor where they would be taken for one.
void refuse_log(const ExportFlags& flags) {
  const std::string& file = flags.out;
  const auto log = std::filesystem::path(file).replace_extension(".tsv");
  if (is_series_of(file, log) && is_log(log)) {
    refuse(file, fmt::format("this is where {} has its series", log.filename().string()));
  }
  if (std::filesystem::is_regular_file(flags.what) && is_series_of(file, flags.what)) {
    refuse(file, fmt::format("this is where {} has its series", flags.what));
  }
  if (is_log(file)) refuse(file, "this is a log, which an export would not leave");
  refuse_place(file);
  if (!flags.inlined || !record::SeriesStore::exists(file)) return;
  refuse(file, fmt::format("{} would be taken for its series",
                           base::paths::series(file).filename().string()));
}

ExitCode export_rows(const ExportFlags& flags, Console& console) {
  const RowFormat format = format_of(flags.out);
  require_writable(flags.out);
  refuse_log(flags);
  const RowSet rows = open_rows(flags.what, console);
  rows.check_cells();
  std::size_t size = rows.size();
  if (flags.inlined) {
    write_inlined(rows, flags.out);
  } else if (flags.melted) {
    const MeltedLog melted = rows.to_log().melt_and_explode_metric();
    size = melted.size();
    write_melted(melted, format, flags.out);
  } else {
    write_rows(rows, format, flags.out);
  }
  console.out.write(fmt::format("{}: {} rows\n", flags.out, size));
  return ExitCode::complete;
}

std::vector<Option> export_options(ExportFlags& flags) {
  return {{.names = "EXP|LOG",
           .group = {},
           .help = "Experiment folder, or one log file",
           .form = text("PATH", flags.what),
           .required = true},
          {.names = "-o,--output",
           .group = groups::output,
           .help = "File; its ending .csv, .tsv, .json, .jsonl or .h5 is its form",
           .form = text("FILE", flags.out),
           .required = true},
          {"--melted", groups::output, "Long form: a row for each step of each metric",
           flag(flags.melted)},
          {.names = "--inline",
           .group = groups::output,
           .help = "A log that Malet reads, with series in its cells also where they are in HDF5",
           .form = flag(flags.inlined),
           .excludes = {"--melted"}}};
}

}  // namespace

Command export_command() {
  const auto flags = std::make_shared<ExportFlags>();
  return {"export",
          "Write rows to a file for other programs",
          export_options(*flags),
          "The rows are those of `show` without a filter: of a folder each config once. An\n"
          "existing file is replaced, but never a log, its series or what lies in\n"
          "log_splits.",
          {"malet-mpi export EXP -o results.csv",
           "malet-mpi export EXP/log_splits/split_0.tsv -o steps.jsonl --melted",
           "malet-mpi export EXP -o results.h5", "malet-mpi export EXP -o log.tsv --inline"},
          [flags](Call&, Console& console) { return export_rows(*flags, console); },
          false};
}

}  // namespace malet::cli
