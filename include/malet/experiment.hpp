#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
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
#include "malet/options.hpp"
#include "malet/registry.hpp"

namespace malet {

/// Result of Experiment::resplit_logs.
struct ResplitReport {
  std::size_t rows = 0;          ///< rows of all new logs
  std::size_t folded_rows = 0;   ///< rows left out because a row of another log says the same
  std::size_t foreign_rows = 0;  ///< rows of configs outside the grid; they stand in the first log
  std::vector<std::filesystem::path> logs;  ///< the new logs
  std::filesystem::path backup;  ///< the file with all rows as they were; empty without a backup
};

/// Result of Experiment::run: the same on every rank, except that only rank 0 fills `logs`.
struct RunReport {
  ExitCode exit_code = ExitCode::complete;
  Counts counts;                            ///< of the configs this job is about
  std::vector<std::filesystem::path> logs;  ///< the logs that were written
  /// A run did not return when it was asked to. Its thread or rank is still busy, so the process
  /// must end by std::_Exit(exit_code); all results are written.
  bool abandoned = false;
  /// Filled by a queue job alone (SplitOptions::queue).
  struct Queue {
    bool merged = false;          ///< this was the last job, and log.tsv has all results
    std::uint64_t elsewhere = 0;  ///< pending configs that other jobs run at this moment
  };
  std::optional<Queue> queue = {};
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
  /// The same, with runs in processes of their own. Throws Error(bad_input) also for a host that
  /// cannot run: two kinds at once, an unknown {field} of a command, a file that is not there.
  Experiment(std::filesystem::path exp_folder, ExperimentHost host, Options options = {});
  Experiment(Experiment&&) noexcept;
  Experiment& operator=(Experiment&&) noexcept;
  ~Experiment();

  /// The folder's name, without its path.
  [[nodiscard]] std::string name() const;
  /// The configs this job is about: those of its split and filter.
  [[nodiscard]] const ConfigIter& configs() const;
  /// This job's log, as last loaded or written.
  [[nodiscard]] const ExperimentLog& log() const;
  /// The options given at the making.
  [[nodiscard]] const Options& options() const;
  /// Names of the columns that every log has: datetime, duration, commit_hash, status.
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

  /// Replaces all logs of the folder by `target_split` new ones: config i goes to
  /// log_splits/split_{i % N}.tsv; with 1, all go to log.tsv. Rows keep their cells. Where several
  /// logs have a config, its best row counts (C over F over R, then the latest). Rows of configs
  /// outside the grid go to the first log. Attempts move with their configs. With `save_backup` all
  /// rows are first written to logs_backup.tsv, or to the next free logs_backup_{n}.tsv.
  ///
  /// A kill loses nothing: the folder has the old logs or the new ones, and the next call that
  /// opens it finishes the work. Throws Error(refused) while another process writes in the folder,
  /// Error(bad_input) without logs and for a `target_split` of 0 or over 100,000, Error(internal)
  /// when the folder cannot be written; the logs are then as they were.
  static ResplitReport resplit_logs(const std::filesystem::path& exp_folder,
                                    std::size_t target_split = 1, bool save_backup = true);

  /// Sets the status of all running rows (R) to failed (F), in all logs of the folder, and returns
  /// their number. Jobs of malet-mpi do not need it: they notice that a job is dead. Throws
  /// Error(refused) while another process writes in the folder, other errors as resplit_logs.
  static std::size_t set_log_status_as_failed(const std::filesystem::path& exp_folder);

  /// Runs the configs that are not complete, over the ranks of the launcher or, without one, in
  /// DeviceOptions::jobs slots on this machine, and writes the logs. LimitOptions::timeout counts
  /// from the making of this object, in later calls from their beginning. Under a launcher every
  /// rank must call it: it initialises MPI (once per process) and finalises it. Throws on rank 0
  /// alone; the other ranks return the same exit code.
  RunReport run();

 private:
  void open();

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace malet
