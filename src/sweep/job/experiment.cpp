#include "malet/experiment.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "base/files/paths.hpp"
#include "base/text/time_text.hpp"
#include "exec/slurm/launcher.hpp"
#include "malet/run_info.hpp"
#include "record/log/series_upkeep.hpp"
#include "record/table/table.hpp"
#include "sweep/folder/folder.hpp"
#include "sweep/folder/other_splits.hpp"
#include "sweep/folder/scope.hpp"
#include "sweep/folder/series_form.hpp"
#include "sweep/folder/writers.hpp"
#include "sweep/job/job.hpp"
#include "sweep/job/job_setup.hpp"
#include "sweep/job/queue_end.hpp"
#include "sweep/job/queue_job.hpp"
#include "sweep/queue/shared_claims.hpp"
#include "sweep/rank/runner_factory.hpp"
#include "sweep/reshape/dead_log.hpp"
#include "sweep/reshape/take_over.hpp"

namespace malet {

namespace {

/// Which files a folder is read from, and when they were last written.
using FolderStamp = std::vector<std::pair<std::filesystem::path, std::filesystem::file_time_type>>;

FolderStamp stamp_of(const std::filesystem::path& exp_folder) {
  auto files = base::paths::existing_logs(exp_folder);
  const std::size_t logs = files.size();
  for (std::size_t i = 0; i < logs; ++i) files.push_back(base::paths::journal(files[i]));
  files.push_back(base::paths::exp_config(exp_folder));
  files.push_back(base::paths::resplit_intent(exp_folder));
  FolderStamp stamp;
  for (auto& file : files) {
    std::error_code gone;
    const auto written = std::filesystem::last_write_time(file, gone);
    stamp.emplace_back(std::move(file), written);
  }
  return stamp;
}

}  // namespace

struct Experiment::State {
  std::filesystem::path path;
  ExpFunction function;
  std::optional<ExperimentHost> host;  // where runs have processes of their own
  Options options;
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point updated = started;
  std::optional<sweep::Folder> folder;  // only where the folder is opened
  std::optional<sweep::Scope> scope;
  ExperimentLog log;
  FolderStamp stamp;  // of what `folder` was read from
  bool ran = false;
  std::unique_ptr<base::WriterLock> lock;  // from the first update_log on, until run()

  /// Reads the folder; where that was done before, anew. `self`: this job as a writer.
  void open(const base::Writer* self = nullptr);
  /// Takes the right to write, and what killed jobs left; nothing where all is done.
  [[nodiscard]] std::unique_ptr<base::WriterLock> begin_writing();
  /// Takes the right to write once, and sees to it that `log` is what is on disk.
  void hold_for_updates();
  /// Makes one log of all where this job is the last one.
  void end_queue(sweep::JobResult& result) const;
  /// Itself, with the folder open. Only rank 0 needs it for run(), so other ranks wait until asked.
  State& opened() {
    if (!folder) open();
    return *this;
  }
};

namespace {

/// Brings the logs of dead jobs in order, or waits for others who are about it.
void close_dead_logs(const sweep::Folder& folder) {
  constexpr std::chrono::milliseconds pause(20);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  for (const auto& log : base::paths::existing_logs(folder.path)) {
    while (!sweep::close_dead_log(folder, log) && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(pause);
    }
  }
}

/// The log of a split as it is on disk and in `folder`, or a new one.
ExperimentLog log_of(const sweep::Folder& folder, const std::filesystem::path& path,
                     const ExperimentOptions& options) {
  for (std::size_t i = 0; i < folder.logs.size(); ++i) {
    if (folder.log_paths[i] == path) return folder.logs[i];
  }
  return sweep::new_log(folder.configs, options, path);
}

}  // namespace

std::unique_ptr<base::WriterLock> Experiment::State::begin_writing() {
  const auto nothing_to_do = [this] {
    return !sweep::is_left_open(*folder) && !sweep::has_dead_writer(path, log.logs_file()) &&
           sweep::make_setup(*folder, *scope, options.pace.rerun_failed).counts.pending == 0;
  };
  const bool held = lock != nullptr;
  if (!held && stamp != stamp_of(path)) open();
  if (!held && nothing_to_do()) return nullptr;
  auto taken = held ? std::move(lock) : sweep::lock_logs(path, *scope, options);
  if (options.splits.queue) {
    sweep::share_claims(path, folder->configs, taken->writer());
    close_dead_logs(*folder);
  }
  // Whoever held it may have written until a moment ago.
  const bool others = std::any_of(folder->states.begin(), folder->states.end(),
                                  [](const auto& state) { return state.is_written; });
  if (held || others || stamp != stamp_of(path)) open(&taken->writer());
  sweep::take_over_logs(*folder, log.logs_file(), scope->split.has_value());
  if (!taken->warning().empty()) folder->warnings.push_back(taken->warning());
  return taken;
}

void Experiment::State::hold_for_updates() {
  if (lock) {
    if (stamp != stamp_of(path)) open();  // configs that are running here stay so
    return;
  }
  lock = sweep::lock_logs(path, *scope, options);
  open(&lock->writer());
  sweep::take_over_logs(*folder, log.logs_file(), scope->split.has_value());
}

void Experiment::State::end_queue(sweep::JobResult& result) const {
  if (result.report.exit_code != ExitCode::complete || result.report.abandoned) return;
  try {
    if (!options.splits.filter.empty() && !sweep::is_complete(path)) return;
    const bool has_run = !result.report.logs.empty();
    const bool is_left_to_others = sweep::has_job_logs(path) && !sweep::merge_if_last(path);
    sweep::clear_up_queue(path);
    if (is_left_to_others || !has_run) return;
    result.report.queue = RunReport::Queue{true, 0};
    result.report.logs = {base::paths::log(path)};
    result.log = sweep::open_log(base::paths::log(path));
  } catch (const Error& error) {  // the results are there all the same
    if (!options.on_progress) return;
    Progress progress;
    progress.counts = result.report.counts;
    progress.events = {std::string(error.what())};
    options.on_progress(progress);
  }
}

void Experiment::State::open(const base::Writer* self) {
  if (options.splits.queue && options.splits.queue_job.empty())
    options.splits.queue_job = sweep::queue_job_name();
  stamp = stamp_of(path);
  folder = sweep::open_folder(path, self);
  scope = sweep::make_scope(folder->configs, options);
  sweep::refuse_other_splits(*folder, options);
  (void)sweep::keeps_series_apart(*folder, options.storage.series);  // refuses what cannot be
  log = log_of(*folder, std::get<1>(get_paths(path, scope->split)), options);
}

Experiment::Experiment(std::filesystem::path exp_folder, ExpFunction function, Options options)
    : state_(std::make_unique<State>()) {
  state_->path = std::move(exp_folder);
  state_->function = std::move(function);
  state_->options = std::move(options);
  open();
}

Experiment::Experiment(std::filesystem::path exp_folder, ExperimentHost host, Options options)
    : state_(std::make_unique<State>()) {
  state_->path = std::move(exp_folder);
  state_->host = std::move(host);
  state_->options = std::move(options);
  open();
  if (state_->folder) sweep::check_host(*state_->host, state_->folder->configs);
}

void Experiment::open() {
  const exec::Launcher launcher = exec::launcher();
  if (launcher.present && launcher.rank != 0) return;
  state_->open();
}

Experiment::Experiment(Experiment&&) noexcept = default;
Experiment& Experiment::operator=(Experiment&&) noexcept = default;
Experiment::~Experiment() = default;

std::string Experiment::name() const {
  auto path = std::filesystem::absolute(state_->path).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  return path.filename().string();
}

const ConfigIter& Experiment::configs() const {
  return state_->opened().scope->configs;
}
const ExperimentLog& Experiment::log() const {
  return state_->opened().log;
}
const Experiment::Options& Experiment::options() const {
  return state_->options;
}

const std::vector<std::string>& Experiment::infos() {
  static const std::vector<std::string> names(record::info_columns.begin(),
                                              record::info_columns.end());
  return names;
}

std::tuple<std::filesystem::path, std::filesystem::path, std::filesystem::path>
Experiment::get_paths(const std::filesystem::path& exp_folder,
                      std::optional<std::string_view> split) {
  return {base::paths::exp_config(exp_folder),
          split ? base::paths::split_log(exp_folder, *split) : base::paths::log(exp_folder),
          base::paths::figure(exp_folder)};
}

std::pair<Metrics, Metrics> Experiment::get_metric_info(const Config& config) const {
  std::pair<Metrics, Metrics> found;
  if (!log().isin(config)) return found;
  for (auto& [name, value] : log().get_metric(config)) {
    if (value.is_null()) continue;
    const auto& names = infos();
    const bool is_info = std::find(names.begin(), names.end(), name) != names.end();
    (is_info ? found.second : found.first).emplace_back(name, std::move(value));
  }
  return found;
}

void Experiment::update_log(const Config& config, const Metrics& metrics,
                            std::optional<std::string_view> status) {
  State& state = state_->opened();
  state.hold_for_updates();
  const Metrics before = get_metric_info(config).second;
  const Value* duration = before.find("duration");
  const auto earlier =
      duration == nullptr ? std::nullopt : base::parse_duration(to_cell(*duration));
  const auto now = std::chrono::steady_clock::now();
  RunInfo info(earlier.value_or(base::Micros(0)) +
               std::chrono::duration_cast<base::Micros>(now - state.updated));
  state.updated = now;
  Metrics row = info.get();
  row.set("status", status.value_or("R"));
  for (const auto& [name, value] : metrics) row.set(name, value);
  record::drop_series(state.log, config, metrics);
  state.log.add_result(config, row);
  state.log.to_tsv();
  state.stamp = stamp_of(state.path);
}

RunReport Experiment::run() {
  State& state = *state_;
  // The first job's time counts from when the program made this object, a later one's from here.
  if (std::exchange(state.ran, true)) state.started = std::chrono::steady_clock::now();
  const ExperimentHost* host = state.host ? &*state.host : nullptr;
  sweep::Job job{
      state.function, host,    state.options, state.started,
      state.path,     nullptr, nullptr,       [&state] { return state.begin_writing(); }};
  if (state.folder) {
    job.folder = &*state.folder;
    job.scope = &*state.scope;
    if (state.options.splits.queue) {
      job.conclude = [&state](sweep::JobResult& end) { state.end_queue(end); };
    }
  }
  sweep::JobResult result = sweep::run_job(job);
  if (result.log) state.log = std::move(*result.log);
  return result.report;
}

}  // namespace malet
