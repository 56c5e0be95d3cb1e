#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "malet/config_iter.hpp"
#include "malet/error.hpp"
#include "malet/experiment_log.hpp"
#include "malet/registry.hpp"

namespace malet {

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

/// What rank 0 does under a launcher.
enum class Rank0 {
  /// With processes of their own for runs it works like any other rank, unless its node has more
  /// ranks than devices. With functions inside the rank it works only when it is alone.
  automatic,
  coordinate,  ///< only hands out and records; needs a second rank
  work,  ///< also runs configs; inside the rank on a thread of its own, for thread-safe functions
};

/// How Experiment::gpu_map writes the map.
enum class GpuMapForm {
  table,  ///< for people
  json,   ///< one document: see docs/hosts.md
};

/// What happens to the stdout and stderr of a run that had a process of its own.
enum class KeepOutput {
  failed,  ///< those of failed runs are kept in the run's folder
  all,
  none,
};

/// When results are made to reach the disk. All of them are in the journal as soon as they count as
/// finished, so that killing the job loses none; this is about losing the node.
enum class Sync {
  timer,   ///< at most a second late; at once where runs last over a second
  always,  ///< before anybody is told of a result
  never,   ///< when the system gets to it, and with each snapshot
};

/// Where series of numbers are kept; others stand in the log's cells in any case.
enum class SeriesForm {
  tsv,   ///< in the log's cells
  hdf5,  ///< in log.h5 beside the log, whose cells have their last values (docs/log_format.md)
};

/// A process in which runs take place, so that nothing they do harms the job.
struct ExperimentHost {
  enum class Kind {
    function,  ///< this executable started again, which must be around malet::main
    command,   ///< a command line, one process per run
    python,    ///< a function of a Python file
  };
  Kind kind = Kind::function;

  std::string function;              ///< of kind function: its name; empty for the only one
  std::vector<std::string> plugins;  ///< of kind function: shared libraries that are loaded
  /// Of kind command: split into arguments by POSIX quoting, then `{field}` is replaced inside each
  /// (docs/hosts.md).
  std::string command;
  bool metrics_from_stdout = false;  ///< of kind command: rather than from the file MALET_METRICS
  std::string python;                ///< of kind python: FILE:FUNCTION
  std::string interpreter = "python3";  ///< of kind python
};

/// When to stop handing out configs because too many runs failed.
struct Halt {
  std::optional<std::uint64_t> failures;  ///< as many failed configs in this job
  std::optional<double> percent;          ///< this share of at least ten finished ones
};

/// How long a run may last.
struct RunTimeout {
  std::chrono::duration<double> fixed{};  ///< zero: no limit
  double median_percent = 0;  ///< of the median of the complete runs so far, once there are three
};

/// A run that failed, as passed to ExperimentOptions::on_failure.
struct Failure {
  std::uint64_t index = 0;
  std::string error;      ///< one line
  std::string traceback;  ///< where, over several lines; may be empty
  bool will_retry = false;
};

/// How many configs stand where. Repeats of a config count once. In a job's report `running` are
/// those that the job's end interrupted: status F in the log, and run again by the next job.
struct Counts {
  std::uint64_t total = 0;
  std::uint64_t completed = 0;
  std::uint64_t failed = 0;
  std::uint64_t running = 0;
  std::uint64_t pending = 0;
  /// Of the failed ones of a folder, those whose job ended before they did: the next job runs them
  /// again, whatever ExperimentOptions::rerun_failed says.
  std::uint64_t interrupted = 0;
};

/// The state of a job, as passed to ExperimentOptions::on_progress.
struct Progress {
  Counts counts;                    ///< of the configs this job is about
  std::uint64_t finished_here = 0;  ///< finished by this job
  std::chrono::duration<double> elapsed{};
  std::string last_error;  ///< what the last failed run said; empty if none failed
  std::uint64_t last_error_index = 0;
  bool stopping = false;            ///< a deadline or signal has come
  std::uint64_t retries = 0;        ///< runs that failed and were tried again
  std::vector<std::string> events;  ///< what has happened to slots since the last call, for people
  /// Why the logs could not be written just now; empty while they can. The results stay in memory
  /// and are tried again.
  std::string warning;
};

/// What splitting a folder's logs anew came to.
struct ResplitReport {
  std::size_t rows = 0;          ///< of all new logs
  std::size_t folded_rows = 0;   ///< that said nothing that a row of another log does not say
  std::size_t foreign_rows = 0;  ///< whose config is not in the grid (any more): in the first log
  std::vector<std::filesystem::path> logs;
  std::filesystem::path backup;  ///< of all rows there were; empty where none was wanted
};

/// What a job came to; the same on every rank but for `logs`, which only rank 0 fills.
struct RunReport {
  ExitCode exit_code = ExitCode::complete;
  Counts counts;
  std::vector<std::filesystem::path> logs;  ///< the logs written
  /// A run did not return when it was asked to. Its thread or rank is still busy, so the process
  /// must end by std::_Exit(exit_code); all results are written.
  bool abandoned = false;
  /// Of a job in queue mode.
  struct Queue {
    bool merged = false;          ///< log.tsv has all now: nothing is left, nobody else at work
    std::uint64_t elsewhere = 0;  ///< of the pending configs, those that other jobs run just now
  };
  std::optional<Queue> queue = {};
};

/// What to run and how; the defaults are Malet's where it has them.
struct ExperimentOptions {
  /// Metric columns made at the start; others appear as results bring them.
  std::vector<std::string> exp_metrics;

  /// Number of splits, or the name of a field whose values choose the split; "1" is no splitting.
  std::string total_splits = "1";
  /// This job's split: 0 <= I < N, or the field's values, between blanks, in quotes if need be.
  std::string curr_split = "0";
  /// Whether the logs that the folder holds must be of total_splits splits, too, else making the
  /// Experiment throws Error(bad_input): a log of a split that is not one of these, or with rows
  /// that it would not have. Without, a config that is complete in any log is not run again, and
  /// that is all.
  bool same_splits = false;

  /// Rows of running configs are always in saved logs; accepted for Malet's sake.
  bool configs_save = false;
  /// Runs keep checkpoints and go on where they were: the gate does not hold them back.
  bool checkpoint = false;

  /// How long the job may last. Runs are told to stop early enough for `grace` and the last save.
  /// Under Slurm the end of the allocation counts as well, whichever comes first.
  std::optional<std::chrono::duration<double>> timeout;
  /// Near the end of that time nothing more is started unless it is likely to be complete by then,
  /// as far as run times so far tell. Where runs take longer than a whole job they start anyway.
  bool gate = true;
  /// How long runs may take to return once they are told to stop.
  std::chrono::duration<double> grace = std::chrono::seconds(20);

  Sync sync = Sync::timer;
  /// Nothing: as the folder's logs have them, in cells where there are none.
  std::optional<SeriesForm> series;

  /// Whether this is one of several jobs that share the experiment, come and go. Each writes a log
  /// of its own, log_splits/split_job{queue_job}.tsv, and claims in EXP/claims what it runs. Not
  /// with splits, nor with a fixed schedule.
  bool queue = false;
  /// The name of this job among them; empty: the number of the Slurm job, else one of its own. A
  /// job that comes again under its name goes on in its log.
  std::string queue_job;

  Schedule schedule = Schedule::dynamic;
  Order order = Order::grid;
  /// Only configs that match (see `malet-mpi run --help` for the language); empty for all.
  std::string filter;
  /// Whether configs that failed in an earlier job run again.
  bool rerun_failed = true;
  /// Slots on this machine without a launcher; inside the rank more than one needs a thread-safe
  /// function. Nothing: one, or as many as the devices allow where runs have their own processes.
  std::optional<int> jobs;
  Rank0 rank0 = Rank0::automatic;
  /// How often a config that failed is tried again within the job, elsewhere if there is another
  /// slot.
  int retries = 0;
  Halt halt;

  // Where runs have processes of their own (ExperimentHost):
  /// Runs at a time per rank. Nothing: one, or as many as the rank's devices allow.
  std::optional<int> slots;
  /// A process is replaced after so many runs; 0: never.
  std::uint64_t runs_per_host = 0;
  RunTimeout run_timeout;
  /// Bytes that a run's processes may hold in memory.
  std::optional<std::uint64_t> run_memory;
  KeepOutput keep_output = KeepOutput::failed;
  /// Devices for each run. Nothing: one where there are any.
  std::optional<int> gpus_per_run;
  /// How many runs share a device.
  int runs_per_gpu = 1;

  /// Called on rank 0 from the coordinating thread, about `progress_interval` apart and once at the
  /// end.
  std::function<void(const Progress&)> on_progress;
  /// Called as on_progress, for each failed run as it happens.
  std::function<void(const Failure&)> on_failure;
  std::chrono::duration<double> progress_interval = std::chrono::milliseconds(200);
  /// Called on rank 0 with what run() is about to return, while the other ranks still wait: a
  /// launcher kills what is left of a job as soon as any rank leaves with a code other than 0, so
  /// what is said later may be lost.
  std::function<void(const RunReport&)> on_end;
  /// The same with the error that run() is about to throw; only under a launcher.
  std::function<void(const Error&)> on_error;
};

/// An experiment folder and the function that runs its configs.
///
/// The counterpart of Malet's Experiment. Reading parts work anywhere (ranks other than 0 open the
/// folder when they are first used); run() is the MPI program.
class Experiment {
 public:
  using Options = ExperimentOptions;

  /// Opens EXP/exp_config.yaml and this job's log. Throws Error(bad_input) as ConfigIter and
  /// ExperimentLog do, when the log belongs to another experiment, and for splits that do not
  /// exist. Nothing is written.
  Experiment(std::filesystem::path exp_folder, ExpFunction function, Options options = {});
  /// The same, with runs in processes of their own. Throws Error(bad_input) also for what can be
  /// seen to be wrong with the host.
  Experiment(std::filesystem::path exp_folder, ExperimentHost host, Options options = {});
  Experiment(Experiment&&) noexcept;
  Experiment& operator=(Experiment&&) noexcept;
  ~Experiment();

  /// The folder's name.
  [[nodiscard]] std::string name() const;
  [[nodiscard]] const ConfigIter& configs() const;
  /// This job's log, as last loaded or written.
  [[nodiscard]] const ExperimentLog& log() const;
  [[nodiscard]] const Options& options() const;
  /// datetime, duration, commit_hash, status: the columns every log has.
  [[nodiscard]] static const std::vector<std::string>& infos();

  /// Paths of exp_config.yaml, the log (of that split, or log.tsv) and the figure folder.
  [[nodiscard]] static std::tuple<std::filesystem::path, std::filesystem::path,
                                  std::filesystem::path>
  get_paths(const std::filesystem::path& exp_folder, std::optional<std::string_view> split = {});

  /// The config's metrics and its info columns, without null values; both empty when the log does
  /// not have it.
  [[nodiscard]] std::pair<Metrics, Metrics> get_metric_info(const Config& config) const;

  /// Sets the config's metrics, info columns and status (default "R", running) in the log as it is
  /// on disk, and writes it. The first call takes the right to write, until run() or the end of
  /// this object: throws Error(refused) when somebody else has it. The time since this object's
  /// last update_log (or its making) is added to the duration that the row has.
  void update_log(const Config& config, const Metrics& metrics,
                  std::optional<std::string_view> status = {});

  /// Makes of all logs of the folder `target_split` new ones: config i goes to
  /// log_splits/split_{i % N}.tsv, or everything back to log.tsv for 1. Rows keep what they say;
  /// where several logs have a config, its best row speaks (C over F over R, then the latest), and
  /// rows of configs that are not in the grid go to the first log. Attempts move with their
  /// configs. A backup, logs_backup.tsv or logs_backup_{n}.tsv, is written first.
  ///
  /// Killed at any moment nothing is lost: the logs are the old ones or the new ones, and whoever
  /// opens the folder next finishes what was begun. Throws Error(refused) while anybody writes in
  /// the folder, Error(bad_input) where there are no logs, or 0 or more than 100,000 are wanted,
  /// Error(internal) when the folder cannot be written; then the logs are as they were.
  static ResplitReport resplit_logs(const std::filesystem::path& exp_folder,
                                    std::size_t target_split = 1, bool save_backup = true);

  /// Sets the status of all rows that are running (R) to failed (F), in all logs of the folder, and
  /// gives their number. Nobody needs it for malet-mpi, which sees by itself that a job is dead.
  /// Throws Error(refused) while anybody writes in the folder, else as resplit_logs.
  static std::size_t set_log_status_as_failed(const std::filesystem::path& exp_folder);

  /// Which slot of which rank gets which device: what run() would use. Under a launcher every rank
  /// must call it, in place of run(); the text is rank 0's alone.
  static std::string gpu_map(const Options& options, GpuMapForm form = GpuMapForm::table);

  /// Runs what is not complete by now, over the ranks of the launcher or `jobs` slots on this
  /// machine, and writes the logs. The timeout counts from the making of this object, in later
  /// calls from their beginning. Under a launcher every rank must call it; it initialises MPI (once
  /// per process) and finalises it. Throws on rank 0 alone; the other ranks leave with the same
  /// exit code.
  RunReport run();

  /// For a rank that cannot take part, because its Experiment or function could not be made: takes
  /// run()'s place, so that the other ranks learn of it. Rank 0 ends the job with that error, which
  /// it throws; the other ranks get its exit code. Without a launcher it just throws.
  static RunReport decline(const Error& reason,
                           const std::function<void(const Error&)>& on_error = {});

 private:
  void open();

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace malet
