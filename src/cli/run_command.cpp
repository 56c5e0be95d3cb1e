#include "cli/run_command.hpp"

#include <spdlog/logger.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <optional>

#include "base/paths.hpp"
#include "cli/logger.hpp"
#include "cli/options_file.hpp"
#include "cli/progress.hpp"
#include "cli/run_summary.hpp"
#include "exec/signals.hpp"

namespace malet::cli {

namespace {

void read_file_options(CLI::App& app, const RunOptions& options) {
  apply_options(app, read_options_file(options.exp),
                base::paths::run_options(options.exp).string());
}

/// Where there is no function to run, a folder that cannot be opened is the better thing to tell.
ExpFunction find_function(const RunOptions& options) {
  try {
    return find_experiment(options.function);
  } catch (const Error&) {
    const Experiment opened(options.exp, {}, options.experiment);
    throw;
  }
}

/// What can fail on one rank alone is reported by declining, since the other ranks wait for it.
RunReport run_experiment(const RunOptions& options) {
  std::optional<Experiment> experiment;
  try {
    for (const std::string& plugin : options.plugins) load_plugin(plugin);
    experiment.emplace(options.exp, find_function(options), options.experiment);
  } catch (const Error& error) {
    return Experiment::decline(error);
  }
  return experiment->run();
}

ExitCode run(CLI::App& app, RunOptions& options, Console& console) {
  // From here on: loading plug-ins and reading logs take their time, and a signal that comes
  // meanwhile stops the job as one that comes later does.
  const exec::SignalWatch signals;
  try {
    read_file_options(app, options);
  } catch (const Error& error) {
    return Experiment::decline(error).exit_code;
  }
  const auto log = make_logger(console.err, options.log_level);
  ProgressView progress(console.err, *log, !options.quiet);
  options.experiment.on_progress = [&progress](const Progress& now) { progress.update(now); };
  const RunReport report = run_experiment(options);
  progress.finish();
  const std::string program = app.get_parent()->get_name();
  if (!options.quiet) console.out.write(run_summary(report, progress.last(), program, options.exp));
  // A run that did not return still uses this process: nothing may be torn down under it.
  if (report.abandoned) std::_Exit(static_cast<int>(report.exit_code));
  return report.exit_code;
}

}  // namespace

Subcommand add_run_command(CLI::App& program) {
  const auto options = std::make_shared<RunOptions>();
  CLI::App& app = add_run_options(program, *options);
  return {&app, [&app, options](Console& console) { return run(app, *options, console); }, false};
}

}  // namespace malet::cli
