#include "cli/options/run_options.hpp"

#include <optional>

#include "base/files/paths.hpp"
#include "cli/options/forms.hpp"
#include "cli/options/options_file.hpp"
#include "cli/screen/logger.hpp"

namespace malet::cli {

namespace {

std::vector<Option> what_options(RunOptions& options) {
  ExperimentHost& host = options.host;
  return {
      {"--plugin", groups::what, "Shared library with experiment functions; repeatable",
       texts("FILE", host.plugins)},
      {"--function", groups::what, "The function to run, where there are several",
       text("NAME", host.function)},
      {"--command", groups::what,
       "Run a command line per config; {field} stands for the config's value",
       text("CMD", host.command)},
      {"--python", groups::what, "Run a Python function per config",
       text("FILE:FUNC", host.python)},
      {"--interpreter", groups::what, "For --python", text("PROGRAM", host.interpreter), "python3"},
      {"--metrics-from", groups::what,
       "Where a command writes metrics: the file $MALET_METRICS, or stdout",
       one_of<bool>(host.metrics_from_stdout, {{"file", false}, {"stdout", true}}), "file"},
      {"--isolation", groups::what, "Runs have processes of their own, or are called in the rank",
       one_of<std::string>(options.isolation, {{"process", "process"}, {"none", "none"}}),
       "process"},
  };
}

std::vector<Option> config_options(SplitOptions& splits, PaceOptions& pace) {
  return {
      {"--filter", groups::configs, "Run only the configs that match", text("EXPR", splits.filter),
       "", "'lr <= 0.1'"},
      {"--total-splits", groups::configs,
       "Run one split of the configs: of so many, or by the values of a field",
       text("N|FIELD", splits.total), "1, or the tasks of a Slurm array"},
      {"--curr-split", groups::configs, "This job's split: 0 to N-1, or values of the field",
       text("I|'V1 V2'", splits.current), "0, or the task's place in a Slurm array"},
      {"--queue", groups::configs, "Be one of several jobs that share the experiment, come and go",
       flag(splits.queue)},
      {"--order", groups::configs,
       "Order of configs that were never run; longest goes by the durations of earlier runs",
       one_of<Order>(
           pace.order,
           {{"grid", Order::grid}, {"random", Order::random}, {"longest", Order::longest}}),
       "grid"},
      {"--rerun-failed", groups::configs, "Whether configs that failed in an earlier job run again",
       one_of<bool>(pace.rerun_failed, {{"yes", true}, {"no", false}}), "yes"},
  };
}

std::vector<Option> where_options(ExperimentOptions& options) {
  return joined(
      {device_options(options.devices),
       {{"--runs-per-host", groups::where, "Replace the process of a slot after so many runs",
         number(options.devices.runs_per_host, 1, 1'000'000'000)},
        {"--schedule", groups::where,
         "Hand configs out as slots become free, or give each its share",
         one_of<Schedule>(options.pace.schedule,
                          {{"dynamic", Schedule::dynamic}, {"static", Schedule::fixed}}),
         "dynamic"}}});
}

std::vector<Option> limit_options(LimitOptions& limits, PaceOptions& pace) {
  return {
      {"--timeout", groups::limits, "How long the job may last", duration(limits.timeout),
       "until a Slurm allocation ends", "1:55:00"},
      {"--grace", groups::limits, "How long runs may take to return when told to stop",
       duration(limits.grace), "20 s"},
      {"--gate", groups::limits, "Whether nothing more is started that will hardly end in time",
       one_of<bool>(limits.gate, {{"on", true}, {"off", false}}), "on"},
      {"--checkpoint", groups::limits,
       "Runs keep checkpoints: start them also when they cannot finish in time",
       flag(limits.checkpoint)},
      {"--retries", groups::limits, "Try a config that fails again in this job, on another slot",
       number(pace.retries, 0, 1000)},
      {"--halt", groups::limits,
       "Start nothing more after so many failures, or at such a share of ten or more runs",
       halt(limits.halt), "", "fail=50%"},
      {"--run-timeout", groups::limits,
       "End a run that lasts longer than this, or than so much of the median run",
       run_timeout(limits.run_timeout), "", "300%"},
      {"--run-memory", groups::limits, "Memory that a run may hold", size(limits.run_memory), "",
       "8G"},
  };
}

std::vector<Option> result_options(StorageOptions& storage) {
  return {
      {"--metrics", groups::results, "Metric columns to make at once; others come with results",
       names(storage.metrics)},
      {"--sync", groups::results,
       "When results reach the disk for good: within a second, before they count, or when the "
       "system likes",
       one_of<Sync>(storage.sync,
                    {{"timer", Sync::timer}, {"always", Sync::always}, {"never", Sync::never}}),
       "timer"},
      {"--series", groups::results,
       "Where series of numbers are kept: in the log's cells, or in log.h5 beside it, for those "
       "that are too long for a text file",
       one_of<std::optional<SeriesForm>>(storage.series,
                                         {{"tsv", SeriesForm::tsv}, {"hdf5", SeriesForm::hdf5}}),
       "as the folder has them, else tsv"},
      {"--keep-output", groups::results, "Whose stdout and stderr are kept in EXP/runs",
       one_of<KeepOutput>(
           storage.keep_output,
           {{"failed", KeepOutput::failed}, {"all", KeepOutput::all}, {"none", KeepOutput::none}}),
       "failed"},
      {"--configs-save", groups::results, "Accepted, as in Malet: always so",
       flag(storage.configs_save)},
  };
}

std::vector<Option> output_options(RunOptions& options) {
  const auto read_level = [&options](const std::string& text) {
    if (!is_log_level(text)) reject("'{}' is none of {}", text, log_levels);
    options.log_level = text;
  };
  return {
      {"--quiet", groups::output, "No progress and no summary", flag(options.quiet)},
      {"--log-level", groups::output, "From which level on messages are shown",
       parsed(std::string(log_levels), read_level), "info"},
  };
}

}  // namespace

Option folder_argument(std::string& exp) {
  return {.names = "EXP",
          .group = {},
          .help = "Experiment folder, with exp_config.yaml",
          .form = text("FOLDER", exp),
          .required = true};
}

std::vector<Option> gpu_options(DeviceOptions& devices) {
  return {{"--gpus-per-run", groups::where, "Devices for each run",
           number(devices.gpus_per_run, 0, 1024), "1 where there are any"},
          {"--runs-per-gpu", groups::where, "How many runs share a device",
           number(devices.runs_per_gpu, 1, 1024), "1"}};
}

std::vector<Option> device_options(DeviceOptions& devices) {
  return joined({{{"-j,--jobs", groups::where, "Runs at a time, without a launcher",
                   number(devices.jobs, 1, 4096), "1, or as devices allow"},
                  {"--slots", groups::where, "Runs at a time per rank",
                   number(devices.slots, 1, 4096), "1, or as devices allow"},
                  {"--rank0", groups::where, "What rank 0 does besides recording",
                   one_of<Rank0>(devices.rank0, {{"auto", Rank0::automatic},
                                                 {"coordinate", Rank0::coordinate},
                                                 {"work", Rank0::work}}),
                   "auto: see docs/hosts.md"}},
                 gpu_options(devices)});
}

std::vector<Option> run_options(RunOptions& options) {
  ExperimentOptions& experiment = options.experiment;
  return joined({what_options(options), config_options(experiment.splits, experiment.pace),
                 where_options(experiment), limit_options(experiment.limits, experiment.pace),
                 result_options(experiment.storage), output_options(options)});
}

void take_file_options(RunOptions& options, Given& given) {
  apply_options(run_options(options), given, read_options_file(options.exp),
                base::paths::run_options(options.exp).string());
}

RunOptions read_run_options(const std::string& exp) {
  RunOptions options;
  options.exp = exp;
  Given given;
  take_file_options(options, given);
  return options;
}

}  // namespace malet::cli
