#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "malet/error.hpp"
#include "malet/progress.hpp"

namespace malet {

struct RunReport;

/// A process in which runs take place, so that nothing they do harms the job.
struct ExperimentHost {
  enum class Kind {
    function,  ///< this executable started again, which must be around malet::main
    command,   ///< a command line, one process per run
    python,    ///< a function of a Python file
  };
  Kind kind = Kind::function;

  std::string function;              ///< kind function: its name; empty for the only one
  std::vector<std::string> plugins;  ///< kind function: shared libraries to load
  /// Kind command: split into arguments by POSIX quoting, then `{field}` is replaced inside each
  /// (docs/hosts.md).
  std::string command;
  bool metrics_from_stdout = false;     ///< kind command: rather than from the file MALET_METRICS
  std::string python;                   ///< kind python: FILE:FUNCTION
  std::string interpreter = "python3";  ///< kind python
};

/// Which configs a job is about.
struct SplitOptions {
  /// Malet's total_splits: the number of splits, or the name of a field whose values choose the
  /// split; "1" is no splitting.
  std::string total = "1";
  /// Malet's curr_split: this job's split. A number 0 <= I < N, or values of the field, separated
  /// by blanks; a value that holds a blank stands in quotes.
  std::string current = "0";
  /// Whether the folder's logs must belong to the same `total` splits. If so, making the Experiment
  /// throws Error(bad_input) for a log of another split, or with rows of one. In any case a config
  /// that is complete in any log is not run again.
  bool same = false;
  /// Only configs that match (see `malet-mpi run --help` for the language); empty for all.
  std::string filter;
  /// Whether this is a queue job: one of several jobs that share the experiment and may start and
  /// end at any time. Each writes a log of its own, log_splits/split_job{queue_job}.tsv, and claims
  /// in EXP/claims the configs that it runs. Excludes splits and a fixed schedule.
  bool queue = false;
  /// The name of this queue job. Default: the number of the Slurm job, else a random name. A job
  /// that starts again under its name continues its log.
  std::string queue_job;
};

/// How long a run may last.
struct RunTimeout {
  std::chrono::duration<double> fixed{};  ///< in seconds; zero: no limit
  double median_percent = 0;  ///< of the median of the complete runs so far, once there are three
};

/// When to stop handing out configs because too many runs failed.
struct Halt {
  std::optional<std::uint64_t> failures;  ///< after as many failed configs in this job
  std::optional<double> percent;          ///< at this share of at least ten finished ones
};

/// What a job and its runs may use, and when to end them.
struct LimitOptions {
  /// How long the job may last, in seconds. Runs are told to stop early enough for `grace` and the
  /// last save. Under Slurm the end of the allocation counts as well, whichever comes first.
  std::optional<std::chrono::duration<double>> timeout;
  /// Near the end of that time nothing more is started unless it is likely to be complete by then,
  /// as far as run times so far tell. Where runs take longer than a whole job they start anyway.
  bool gate = true;
  /// Runs keep checkpoints and go on where they were: the gate does not hold them back.
  bool checkpoint = false;
  /// How long runs may take to return once they are told to stop.
  std::chrono::duration<double> grace = std::chrono::seconds(20);
  RunTimeout run_timeout;                   ///< of each run that has its own process
  std::optional<std::uint64_t> run_memory;  ///< bytes that the processes of a run may hold
  Halt halt;
};

/// What rank 0 does under a launcher.
enum class Rank0 {
  /// Where runs have processes of their own it works like any other rank, unless its node has more
  /// ranks than devices. With functions inside the rank it works only when it is alone.
  automatic,
  coordinate,  ///< only hands out and records; needs a second rank
  work,  ///< also runs configs; inside the rank on a thread of its own, for thread-safe functions
};

/// Where runs take place: slots, their devices and processes.
struct DeviceOptions {
  /// Slots on this machine without a launcher; inside the rank more than one needs a thread-safe
  /// function. Nothing: one, or as many as the devices allow where runs have their own processes.
  std::optional<int> jobs;
  /// Runs at a time per rank, in processes of their own. Nothing: one, or as many as the rank's
  /// devices allow.
  std::optional<int> slots;
  Rank0 rank0 = Rank0::automatic;
  std::optional<int> gpus_per_run;  ///< devices for each run; nothing: one where there are any
  int runs_per_gpu = 1;             ///< how many runs share a device
  std::uint64_t runs_per_host = 0;  ///< a process is replaced after so many runs; 0: never
};

/// When results are made to reach the disk. All of them are in the journal as soon as they count as
/// finished, so that killing the job loses none; this is about losing the node.
enum class Sync {
  timer,   ///< at most a second late; at once where runs last over a second
  always,  ///< before anybody is told of a result
  never,   ///< when the kernel writes it back, and with each snapshot
};

/// Where series of numbers are kept. Series with other elements are always kept in the log's cells.
enum class SeriesForm {
  tsv,   ///< in the log's cells
  hdf5,  ///< in log.h5 beside the log, whose cells have their last values (docs/log_format.md)
};

/// What happens to the stdout and stderr of a run that had a process of its own.
enum class KeepOutput {
  failed,  ///< those of failed runs are kept in the run's folder
  all,
  none,
};

/// What is written, and how.
struct StorageOptions {
  /// Malet's exp_metrics: metric columns made at the start; others appear as results bring them.
  std::vector<std::string> metrics;
  /// Accepted for Malet's sake: rows of running configs are always in saved logs.
  bool configs_save = false;
  Sync sync = Sync::timer;
  /// Default: the form that the folder's logs have; in cells where there is no log.
  std::optional<SeriesForm> series;
  KeepOutput keep_output = KeepOutput::failed;
};

/// How configs reach the slots that run them.
enum class Schedule {
  dynamic,  ///< handed out as slots become free
  fixed,    ///< "static": slot w of W takes the configs i with i % W == w, into W split logs
};

/// In which order configs that were never run are handed out.
enum class Order {
  grid,    ///< by index
  random,  ///< a fixed shuffle of the indices, so that early results cover the whole grid
  /// The longest first, by the durations in the logs of complete runs with the same grid values; in
  /// grid order while there are none. For up to 10^6 configs.
  longest,
};

/// What runs next, and how often.
struct PaceOptions {
  Schedule schedule = Schedule::dynamic;
  Order order = Order::grid;
  bool rerun_failed = true;  ///< whether configs that failed in an earlier job run again
  /// How often a config that failed is tried again within the job, elsewhere if there is another
  /// slot.
  int retries = 0;
};

/// How to run an experiment; the defaults are Malet's where it has them.
struct ExperimentOptions {
  SplitOptions splits;
  LimitOptions limits;
  DeviceOptions devices;
  StorageOptions storage;
  PaceOptions pace;

  /// Called on rank 0 from the coordinating thread, about `progress_interval` apart and once at the
  /// end.
  std::function<void(const Progress&)> on_progress;
  std::chrono::duration<double> progress_interval = std::chrono::milliseconds(200);
  /// Called as on_progress, for each failed run as it happens.
  std::function<void(const Failure&)> on_failure;
  /// Called on rank 0 with what run() is about to return, while the other ranks still wait: a
  /// launcher kills what is left of a job as soon as any rank leaves with a code other than 0, so
  /// what is said later may be lost.
  std::function<void(const RunReport&)> on_end;
  /// The same with the error that run() is about to throw; only under a launcher.
  std::function<void(const Error&)> on_error;
};

}  // namespace malet
