#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>

#include "base/files/paths.hpp"
#include "cli/commands/commands.hpp"
#include "cli/options/folder_check.hpp"
#include "cli/options/forms.hpp"
#include "sweep/reshape/upkeep.hpp"

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

Command compact_command() {
  const auto options = std::make_shared<CompactOptions>();
  return {"compact",
          "Make one file of the series in HDF5",
          {folder_argument(options->exp),
           {"--drop-unknown", groups::results,
            "Leave out series of runs that the log does not have any more",
            flag(options->drop_unknown)}},
          "A job with --series hdf5 writes series to log.h5.d bit by bit, and makes log.h5\n"
          "of them when it ends by itself. This does the same for logs whose job was\n"
          "stopped, and names the files written. It is refused while a job writes the\n"
          "folder.",
          {"malet-mpi compact EXP"},
          [options](Call&, Console& console) { return compact(*options, console); }};
}

}  // namespace malet::cli
