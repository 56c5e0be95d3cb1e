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

  /// Runs what is not complete by now, over the ranks of the launcher or `jobs` slots on this
  /// machine, and writes the logs. The timeout counts from the making of this object, in later
  /// calls from their beginning. Under a launcher every rank must call it; it initialises MPI (once
  /// per process) and finalises it. Throws on rank 0 alone; the other ranks leave with the same
  /// exit code.
  RunReport run();

 private:
  void open();

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace malet
