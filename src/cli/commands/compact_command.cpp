#include "cli/commands/compact_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <string>

#include "base/files/paths.hpp"
#include "cli/options/folder_check.hpp"
#include "sweep/reshape/compact_folder.hpp"

namespace malet::cli {

namespace {

struct CompactOptions {
  std::string exp;
  bool drop_unknown = false;
};

ExitCode compact(const CompactOptions& options, Console& console) {
  require_experiment(options.exp);
  for (const auto& [log, dropped] : sweep::compact_folder(options.exp, options.drop_unknown)) {
    const std::string file = base::paths::series(log).string();
    console.out.write(fmt::format("{}\n", file));
    if (dropped == 0) continue;
    console.err.write(fmt::format("{}: left out the series of {} run{} that {} does not have\n",
                                  file, dropped, dropped == 1 ? "" : "s", log.filename().string()));
  }
  return ExitCode::complete;
}

}  // namespace

Subcommand add_compact_command(CLI::App& program) {
  const auto options = std::make_shared<CompactOptions>();
  CLI::App& app = *program.add_subcommand("compact", "Make one file of the series in HDF5");
  app.add_option("EXP", options->exp, "Experiment folder")->required()->type_name("FOLDER");
  app.add_flag("--drop-unknown", options->drop_unknown,
               "Leave out series of runs that the log does not have any more");
  app.footer(
      "A job with --series hdf5 writes series to log.h5.d bit by bit, and makes log.h5 of them "
      "when "
      "it\nends by itself. This does the same for logs whose job was stopped, and names the files "
      "written.\nIt is refused while a job writes the folder.\n\n"
      "Example:\n  malet-mpi compact EXP");
  return {&app, [options](Console& console) { return compact(*options, console); }};
}

}  // namespace malet::cli
