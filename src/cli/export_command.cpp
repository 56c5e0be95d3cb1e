#include "cli/export_command.hpp"

#include <filesystem>
#include <memory>
#include <string>

#include "base/files.hpp"
#include "cli/open_rows.hpp"
#include "cli/options.hpp"
#include "cli/row_file.hpp"
#include "record/header.hpp"

namespace malet::cli {

namespace {

struct ExportFlags {
  std::string what;
  std::string out;
  bool melted = false;
};

/// Results are never written over a log.
void refuse_log(const std::string& file) {
  if (!std::filesystem::is_regular_file(file)) return;
  if (!base::read_file(file).starts_with(record::title)) return;
  throw Error(
      ErrorKind::bad_input,
      fmt::format("{}: this is a log, which an export would not leave: name another file", file));
}

ExitCode export_rows(const ExportFlags& flags, Console& console) {
  const RowFormat format = format_of(flags.out);
  refuse_log(flags.out);
  const RowSet rows = open_rows(flags.what, console);
  std::size_t size = rows.size();
  if (flags.melted) {
    const MeltedLog melted = rows.to_log().melt_and_explode_metric();
    size = melted.size();
    write_melted(melted, format, flags.out);
  } else {
    write_rows(rows, format, flags.out);
  }
  console.out.write(fmt::format("{}: {} rows\n", flags.out, size));
  return ExitCode::complete;
}

}  // namespace

Subcommand add_export_command(CLI::App& program) {
  const auto flags = std::make_shared<ExportFlags>();
  CLI::App& app = *program.add_subcommand("export", "Write rows to a file for other programs");
  app.add_option("EXP|LOG", flags->what, "Experiment folder, or one log file")
      ->required()
      ->type_name("PATH");
  app.add_option("-o,--output", flags->out,
                 "File; its ending .csv, .tsv, .json or .jsonl is its form")
      ->required()
      ->type_name("FILE");
  app.add_flag("--melted", flags->melted, "Long form: a row for each step of each metric");
  app.footer(
      "The rows are those of `show` without a filter: of a folder each config once. An existing\n"
      "file is replaced, but never a log.\n\n"
      "Examples:\n  malet-mpi export EXP -o results.csv\n"
      "  malet-mpi export EXP/log_splits/split_0.tsv -o steps.jsonl --melted");
  return {&app, [flags](Console& console) { return export_rows(*flags, console); }, false};
}

}  // namespace malet::cli
