#include <fmt/format.h>

#include <cstdlib>
#include <optional>
#include <utility>

#include "base/text/reject.hpp"
#include "cli/commands/commands.hpp"
#include "cli/options/array_splits.hpp"
#include "cli/reports/progress.hpp"
#include "cli/reports/run_summary.hpp"
#include "cli/screen/logger.hpp"
#include "exec/process/signals.hpp"
#include "exec/slurm/allocation.hpp"
#include "sweep/job/job.hpp"

namespace malet::cli {

namespace {

/// What else than the command line says how to run: malet.yaml, then a Slurm array. Gives what is
/// to be told of the latter.
std::string complete_options(Given& given, RunOptions& options) {
  take_file_options(options, given);
  const auto task = exec::slurm_array_task();
  return task ? take_array_splits(given, *task, options.experiment).value_or("") : "";
}

/// What runs: the options that choose it exclude each other.
void choose_host(ExperimentHost& host) {
  const bool functions = !host.plugins.empty() || !host.function.empty();
  const int chosen =
      (functions ? 1 : 0) + (host.command.empty() ? 0 : 1) + (host.python.empty() ? 0 : 1);
  if (chosen > 1) reject("give one of --plugin or --function, --command and --python");
  if (!host.command.empty()) host.kind = ExperimentHost::Kind::command;
  if (!host.python.empty()) host.kind = ExperimentHost::Kind::python;
}

/// Where there is no function to run, a folder that cannot be opened is the better thing to tell.
ExpFunction find_function(const RunOptions& options) {
  try {
    return find_experiment(options.host.function);
  } catch (const Error&) {
    const Experiment opened(options.exp, ExpFunction(), options.experiment);
    throw;
  }
}

/// What only a supervisor can see to is not to be asked for in vain.
void refuse_limits(const ExperimentOptions& options) {
  const RunTimeout& timeout = options.limits.run_timeout;
  const std::pair<const char*, bool> limits[] = {
      {"--run-timeout", timeout.fixed.count() > 0 || timeout.median_percent > 0},
      {"--run-memory", options.limits.run_memory.has_value()},
      {"--slots", options.devices.slots.has_value()},
      {"--runs-per-host", options.devices.runs_per_host > 0},
      {"--gpus-per-run", options.devices.gpus_per_run.has_value()}};
  for (const auto& [flag, given] : limits) {
    if (given) reject("{} needs processes for runs: leave --isolation none out", flag);
  }
}

/// What can fail on one rank alone is reported by declining, since the other ranks wait for it.
RunReport run_experiment(RunOptions& options, const std::string& split, Console& console) {
  std::optional<Experiment> experiment;
  try {
    experiment.emplace(open_experiment(options));
  } catch (const Error& error) {
    return sweep::decline_job(error, options.experiment.on_error);
  }
  if (!options.quiet) console.out.write(split);
  return experiment->run();
}

/// \param split which one it is by a Slurm array, for people.
ExitCode run_showing(const std::string& program, RunOptions& options, const std::string& split,
                     Console& console) {
  Logger log(console.err, options.log_level);
  ProgressView progress(console.err, log, !options.quiet);
  FailureView failures(progress, log);
  ExperimentOptions& experiment = options.experiment;
  experiment.on_progress = [&progress](const Progress& now) { progress.update(now); };
  experiment.on_failure = [&failures](const Failure& now) { failures.show(now); };
  experiment.on_end = [&](const RunReport& report) {
    progress.finish();
    if (options.quiet) return;
    console.out.write(run_summary(report, progress.last(), program, options.exp));
  };
  const RunReport report = run_experiment(options, split, console);
  // A run that did not return still uses this process: nothing may be torn down under it.
  if (report.abandoned) std::_Exit(static_cast<int>(report.exit_code));
  return report.exit_code;
}

ExitCode run(Call& call, RunOptions& options, Console& console) {
  // From here on: loading plug-ins and reading logs take their time, and a signal that comes
  // meanwhile stops the job as one that comes later does.
  const exec::SignalWatch signals;
  bool told = false;  // while the other ranks waited: not to be told again
  options.experiment.on_error = [&](const Error& error) {
    console.err.write(fmt::format("{}: {}\n", call.program, error.what()));
    told = true;
  };
  try {
    std::string split;
    try {
      split = complete_options(call.given, options);
    } catch (const Error& error) {
      return sweep::decline_job(error, options.experiment.on_error).exit_code;
    }
    return run_showing(call.program, options, split, console);
  } catch (const Error& error) {
    if (told) return error.exit_code();
    throw;
  }
}

constexpr const char* run_notes =
    R"(Filters: lr <= 0.1 and optimizer in [sgd, adam] or not seed == 3
  (==, !=, <, <=, >, >=, in [..], not in [..], and, or, not, parentheses; null,
  true, false)
Durations: 90, 90s, 15m, 2h, 1d, 1:30:00, 2-12:00:00
EXP/malet.yaml may hold any of these options by its name, as in `timeout: 2h`;
flags win.

Exit codes: 0 all complete, 1 some failed, 2 bad usage or input, 3 another
writer, 75 stopped before everything was run (start again and it goes on),
70 internal error)";

}  // namespace

Experiment open_experiment(RunOptions& options) {
  choose_host(options.host);
  if (options.isolation != "none") return {options.exp, options.host, options.experiment};
  if (options.host.kind != ExperimentHost::Kind::function) {
    reject("--isolation none is for C++ functions alone: commands and Python need processes");
  }
  refuse_limits(options.experiment);
  for (const std::string& plugin : options.host.plugins) load_plugin(plugin);
  return {options.exp, find_function(options), options.experiment};
}

Command run_command() {
  const auto options = std::make_shared<RunOptions>();
  return {"run",
          "Run what is not complete (the default command)",
          joined({{folder_argument(options->exp)}, run_options(*options)}),
          run_notes,
          {"malet-mpi EXP --python train.py:train",
           "malet-mpi EXP --command './simulate --lr {lr} --seed {seed}' -j 4 \\\n"
           "      --run-timeout 300%",
           "mpirun -q -n 9 malet-mpi EXP --plugin ./libtrain.so --timeout 1:55:00",
           "srun malet-mpi EXP --plugin ./libtrain.so --total-splits 4 --curr-split 2",
           "srun malet-mpi EXP --plugin ./libtrain.so --queue   # any number of jobs",
           "malet-mpi run EXP -j 4 --filter 'optimizer == adam' --order random"},
          [options](Call& call, Console& console) { return run(call, *options, console); },
          false};
}

}  // namespace malet::cli
