#include "malet/experiment.hpp"

#include <chrono>
#include <memory>
#include <utility>

#include "base/files/paths.hpp"
#include "base/text/time_text.hpp"
#include "exec/slurm/launcher.hpp"
#include "malet/run_info.hpp"
#include "record/log/series_upkeep.hpp"
#include "record/table/table.hpp"
#include "sweep/job/job.hpp"
#include "sweep/rank/runner_factory.hpp"

namespace malet {

struct Experiment::State {
  sweep::Job job;
  std::chrono::steady_clock::time_point updated = job.started;
  bool ran = false;

  /// The job with its folder open. Only rank 0 needs it for run(), so other ranks wait until asked.
  sweep::Job& opened() {
    if (!job.folder) job.open();
    return job;
  }
};

Experiment::Experiment(std::filesystem::path exp_folder, ExpFunction function, Options options)
    : state_(std::make_unique<State>()) {
  state_->job.path = std::move(exp_folder);
  state_->job.function = std::move(function);
  state_->job.options = std::move(options);
  open();
}

Experiment::Experiment(std::filesystem::path exp_folder, ExperimentHost host, Options options)
    : state_(std::make_unique<State>()) {
  state_->job.path = std::move(exp_folder);
  state_->job.host = std::move(host);
  state_->job.options = std::move(options);
  open();
  if (state_->job.folder) sweep::check_host(*state_->job.host, state_->job.folder->configs);
}

void Experiment::open() {
  const exec::Launcher launcher = exec::launcher();
  if (launcher.present && launcher.rank != 0) return;
  state_->job.open();
}

Experiment::Experiment(Experiment&&) noexcept = default;
Experiment& Experiment::operator=(Experiment&&) noexcept = default;
Experiment::~Experiment() = default;

std::string Experiment::name() const {
  auto path = std::filesystem::absolute(state_->job.path).lexically_normal();
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
  return state_->job.options;
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
    (record::is_info_column(name) ? found.second : found.first)
        .emplace_back(name, std::move(value));
  }
  return found;
}

void Experiment::update_log(const Config& config, const Metrics& metrics,
                            std::optional<std::string_view> status) {
  sweep::Job& job = state_->opened();
  job.hold_for_updates();
  const Metrics before = get_metric_info(config).second;
  const Value* duration = before.find("duration");
  const auto earlier =
      duration == nullptr ? std::nullopt : base::parse_duration(to_cell(*duration));
  const auto now = std::chrono::steady_clock::now();
  RunInfo info(earlier.value_or(base::Micros(0)) +
               std::chrono::duration_cast<base::Micros>(now - state_->updated));
  state_->updated = now;
  Metrics row = info.get();
  row.set("status", status.value_or("R"));
  for (const auto& [name, value] : metrics) row.set(name, value);
  record::drop_series(job.log, config, metrics);
  job.log.add_result(config, row);
  job.log.to_tsv();
  job.note_update();
}

RunReport Experiment::run() {
  sweep::Job& job = state_->job;
  // The first job's time counts from when the program made this object, a later one's from here.
  if (std::exchange(state_->ran, true)) job.started = std::chrono::steady_clock::now();
  sweep::JobResult result = sweep::run_job(job);
  if (result.log) job.log = std::move(*result.log);
  return result.report;
}

}  // namespace malet
