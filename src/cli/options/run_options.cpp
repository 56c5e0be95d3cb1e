#include <limits>
#include <optional>

#include "base/files/paths.hpp"
#include "cli/commands/run_command.hpp"
#include "cli/options/gpu_options.hpp"
#include "cli/options/limit_options.hpp"
#include "cli/options/options.hpp"
#include "cli/options/options_file.hpp"
#include "cli/screen/logger.hpp"

namespace malet::cli {

namespace {

constexpr const char* examples = R"(Filters: lr <= 0.1 and optimizer in [sgd, adam] or not seed == 3
  (==, !=, <, <=, >, >=, in [..], not in [..], and, or, not, parentheses; null, true, false)
Durations: 90, 90s, 15m, 2h, 1d, 1:30:00, 2-12:00:00
EXP/malet.yaml may hold any of these options by its name, as in `timeout: 2h`; flags win.

Exit codes: 0 all complete, 1 some failed, 2 bad usage or input, 3 another writer,
75 stopped before everything was run (start again and it goes on), 70 internal error

Examples:
  malet-mpi EXP --python train.py:train
  malet-mpi EXP --command './simulate --lr {lr} --seed {seed}' -j 4 --run-timeout 300%
  mpirun -q -n 9 malet-mpi EXP --plugin ./libtrain.so --timeout 1:55:00
  srun malet-mpi EXP --plugin ./libtrain.so --total-splits 4 --curr-split 2
  srun malet-mpi EXP --plugin ./libtrain.so --queue     # any number of jobs at once
  malet-mpi run EXP -j 4 --filter 'optimizer == adam' --order random)";

void add_what(CLI::App& app, RunOptions& options) {
  app.add_option("EXP", options.exp, "Experiment folder, with exp_config.yaml")
      ->required()
      ->type_name("FOLDER");
  app.add_option("--plugin", options.host.plugins,
                 "Shared library with experiment functions; repeatable")
      ->type_name("FILE")
      ->take_all()
      ->expected(1, std::numeric_limits<int>::max())
      ->allow_extra_args(false);
  app.add_option("--function", options.host.function,
                 "The function to run, where there are several")
      ->type_name("NAME");
  app.add_option("--command", options.host.command,
                 "Run a command line per config; {field} stands for the config's value")
      ->type_name("CMD");
  app.add_option("--python", options.host.python, "Run a Python function per config")
      ->type_name("FILE:FUNC");
  app.add_option("--interpreter", options.host.interpreter, "For --python (default python3)")
      ->type_name("PROGRAM");
  add_choice<bool>(app, "--metrics-from", options.host.metrics_from_stdout,
                   {{"file", false}, {"stdout", true}},
                   "Where a command writes metrics: the file $MALET_METRICS (default), or stdout");
  app.add_option("--filter", options.experiment.splits.filter, "Run only the configs that match")
      ->type_name("EXPR");
  app.add_option(
         "--total-splits", options.experiment.splits.total,
         "Run one split of the configs: of so many (default: the tasks of a Slurm array), or "
         "by the values of a field")
      ->type_name("N|FIELD");
  app.add_option(
         "--curr-split", options.experiment.splits.current,
         "This job's split: 0 to N-1 (default: the task's place in a Slurm array), or values "
         "of the field")
      ->type_name("I|'V1 V2'");
  app.add_flag("--queue", options.experiment.splits.queue,
               "Be one of several jobs that share the experiment, come and go");
  add_names(app, "--metrics", options.experiment.storage.metrics,
            "Metric columns to make at once; others come with results");
}

void add_how(CLI::App& app, RunOptions& options) {
  ExperimentOptions& experiment = options.experiment;
  add_choice<Schedule>(
      app, "--schedule", experiment.pace.schedule,
      {{"dynamic", Schedule::dynamic}, {"static", Schedule::fixed}},
      "Hand configs out as slots become free, or give each its share (default dynamic)");
  add_choice<Order>(app, "--order", experiment.pace.order,
                    {{"grid", Order::grid}, {"random", Order::random}, {"longest", Order::longest}},
                    "Order of configs that were never run (default grid); longest goes by the "
                    "durations of earlier runs");
  add_number(app, "-j,--jobs", experiment.devices.jobs,
             "Runs at a time, without a launcher (default 1, or as devices allow)", 1, 4096);
  add_number(app, "--slots", experiment.devices.slots,
             "Runs at a time per rank (default 1, or as devices allow)", 1, 4096);
  add_choice<Rank0>(
      app, "--rank0", experiment.devices.rank0,
      {{"auto", Rank0::automatic}, {"coordinate", Rank0::coordinate}, {"work", Rank0::work}},
      "What rank 0 does besides recording (default auto: see docs/hosts.md)");
  add_choice<std::string>(app, "--isolation", options.isolation,
                          {{"process", "process"}, {"none", "none"}},
                          "Runs have processes of their own (default), or are called in the rank");
}

void add_failures(CLI::App& app, RunOptions& options) {
  ExperimentOptions& experiment = options.experiment;
  add_choice<bool>(app, "--rerun-failed", experiment.pace.rerun_failed,
                   {{"yes", true}, {"no", false}},
                   "Whether configs that failed in an earlier job run again (default yes)");
  add_number(app, "--retries", experiment.pace.retries,
             "Try a config that fails again in this job, on another slot", 0, 1000);
  add_halt(app, experiment.limits.halt);
  add_run_timeout(app, experiment.limits.run_timeout);
  add_size(app, "--run-memory", experiment.limits.run_memory, "Memory that a run may hold, as 8G");
  add_number(app, "--runs-per-host", experiment.devices.runs_per_host,
             "Replace the process of a slot after so many runs", 1, 1000000000);
  add_choice<KeepOutput>(
      app, "--keep-output", experiment.storage.keep_output,
      {{"failed", KeepOutput::failed}, {"all", KeepOutput::all}, {"none", KeepOutput::none}},
      "Whose stdout and stderr are kept in EXP/runs (default failed)");
}

void add_when(CLI::App& app, RunOptions& options) {
  ExperimentOptions& experiment = options.experiment;
  add_duration(app, "--timeout", experiment.limits.timeout,
               "How long the job may last (default: until a Slurm allocation ends)");
  add_duration(app, "--grace", experiment.limits.grace,
               "How long runs may take to return when told to stop (default 20 s)");
  add_choice<Sync>(
      app, "--sync", experiment.storage.sync,
      {{"timer", Sync::timer}, {"always", Sync::always}, {"never", Sync::never}},
      "When results reach the disk for good: within a second (default), before they count, or when "
      "the system likes");
  add_choice<std::optional<SeriesForm>>(
      app, "--series", experiment.storage.series,
      {{"tsv", SeriesForm::tsv}, {"hdf5", SeriesForm::hdf5}},
      "Where series of numbers are kept: in the log's cells, or in log.h5 beside it, for those "
      "that "
      "are too long for a text file (default: as the folder has them, else tsv)");
  add_choice<bool>(app, "--gate", experiment.limits.gate, {{"on", true}, {"off", false}},
                   "Whether nothing more is started that will hardly end in time (default on)");
  app.add_flag("--checkpoint", experiment.limits.checkpoint,
               "Runs keep checkpoints: start them also when they cannot finish in time");
  app.add_flag("--configs-save", experiment.storage.configs_save,
               "Accepted, as in Malet: always so");
  app.add_flag("--quiet", options.quiet, "No progress and no summary");
  app.add_option_function<std::string>(
         "--log-level",
         [&options](const std::string& text) {
           if (!is_log_level(text)) {
             throw CLI::ValidationError("--log-level",
                                        fmt::format("'{}' is none of {}", text, log_levels));
           }
           options.log_level = text;
         },
         "From which level on messages are shown (default info)")
      ->type_name(std::string(log_levels));
}

}  // namespace

void add_flags_of_run(CLI::App& app, RunOptions& options) {
  add_what(app, options);
  add_how(app, options);
  add_gpu_options(app, options.experiment);
  add_failures(app, options);
  add_when(app, options);
}

CLI::App& add_run_options(CLI::App& program, RunOptions& options) {
  CLI::App& app = *program.add_subcommand("run", "Run what is not complete (the default command)");
  add_flags_of_run(app, options);
  app.footer(examples);
  return app;
}

void take_file_options(CLI::App& command, const std::string& exp) {
  apply_options(command, read_options_file(exp), base::paths::run_options(exp).string());
}

RunOptions read_run_options(const std::string& exp) {
  CLI::App program;
  RunOptions options;
  take_file_options(add_run_options(program, options), exp);
  return options;
}

}  // namespace malet::cli
