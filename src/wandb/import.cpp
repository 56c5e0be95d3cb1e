#include "wandb/import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/text/reject.hpp"
#include "base/text/text_parts.hpp"
#include "malet/error.hpp"
#include "wandb/history.hpp"
#include "wandb/run.hpp"
#include "wandb/run_log.hpp"
#include "wandb/sweep.hpp"

namespace malet::wandb {

namespace {

void check_name(const std::string& name, std::string_view what) {
  if (!name.empty() && name.find('/') == std::string::npos) return;
  reject(
      "'{}' is no W&B {}: give ENTITY/PROJECT and the ids of sweeps, as they stand in "
      "https://wandb.ai/ENTITY/PROJECT/sweeps/SWEEP",
      base::excerpt(name), what);
}

void check(const ImportOptions& options) {
  check_name(options.project.entity, "entity");
  check_name(options.project.name, "project");
  if (options.sweeps.empty()) reject("no W&B sweep is named: give the id of one");
  for (auto sweep = options.sweeps.begin(); sweep != options.sweeps.end(); ++sweep) {
    check_name(*sweep, "sweep");
    if (std::find(options.sweeps.begin(), sweep, *sweep) == sweep) continue;
    reject("the sweep {} is named twice: name it once", base::excerpt(*sweep));
  }
  if (!options.filter.is_null() && !options.filter.is_map()) {
    reject("the filter is a {} and no map: write it as {{\"state\": \"finished\"}}",
           type_name(options.filter.type()));
  }
}

/// Fetches the runs of the sweeps, one question after another.
class Import {
 public:
  Import(Api& api, const ImportOptions& options, const ImportView& view)
      : api_(&api), options_(&options), view_(&view) {}

  ExperimentLog log() {
    for (const std::string& sweep : options_->sweeps) fetch_sweep(sweep);
    return run_log(runs_, swept_, options_->metrics, options_->logs_file);
  }

 private:
  void fetch_sweep(const std::string& sweep) {
    const Asked asked = api_->about(
        fmt::format("sweep {} of {}", base::excerpt(sweep), base::excerpt(project().text())));
    const Value data = api_->ask(sweep_query(project(), sweep), asked);
    for (std::string& name : swept_parameters(data, asked)) {
      if (std::find(swept_.begin(), swept_.end(), name) == swept_.end()) {
        swept_.push_back(std::move(name));
      }
    }
    fetch_runs(sweep, asked);
  }

  void fetch_runs(const std::string& sweep, const Asked& asked) {
    const std::size_t before = runs_.size();
    RunPages pages;
    while (pages.more()) {
      const Value data =
          api_->ask(runs_query(project(), sweep, options_->filter, pages.cursor()), asked);
      const Value::List nodes = pages.take(data, asked);
      total_ = std::max(before + pages.total(), runs_.size() + nodes.size());
      for (const Value& node : nodes) {
        Run run = read_run(node, asked);
        if (options_->all_steps) fetch_history(run, asked);
        drop_unwanted(run.summary);
        runs_.push_back(std::move(run));
        if (options_->all_steps) show();
      }
      show();
    }
  }

  void fetch_history(Run& run, const Asked& sweep) {
    const Asked asked = api_->about(fmt::format("run {} of {}", base::excerpt(run.id), sweep.what));
    // Windows grow and shrink, but a history needs no more questions than this.
    std::int64_t questions_left = 1000 + run.history_rows;
    HistoryWindows windows(run.last_step);
    SeriesBuilder series(options_->metrics);
    while (const auto window = windows.next()) {
      if (--questions_left < 0) {
        asked.fail(
            "its history has no end: leave it out by --filter, or import without "
            "--all-steps");
      }
      const Value data = api_->ask(history_query(project(), run.id, *window), asked);
      const Value::List rows = history_rows(data, *window, asked);
      if (windows.take(rows.size())) series.add(rows);
    }
    if (static_cast<std::int64_t>(series.rows()) < run.history_rows) {
      asked.fail(
          fmt::format("{} of the {} steps of its history came: leave it out by --filter "
                      "'{{\"name\": {{\"$ne\": \"{}\"}}}}', or import without --all-steps",
                      series.rows(), run.history_rows, base::excerpt(run.id)));
    }
    run.series = series.take();
  }

  /// Removes pictures, tables and the like to save memory. Keeps metrics that were not picked: the
  /// message about a picked metric that no run has lists them.
  void drop_unwanted(Value::Map& summary) const {
    std::erase_if(summary, [&](const auto& metric) {
      const auto& [name, value] = metric;
      return !metric_of(value) || !(is_wanted(name, {}) || is_wanted(name, options_->metrics));
    });
  }

  void show() const {
    if (*view_) (*view_)({runs_.size(), std::max(total_, runs_.size())});
  }

  [[nodiscard]] const Project& project() const { return options_->project; }

  Api* api_;
  const ImportOptions* options_;
  const ImportView* view_;
  std::vector<std::string> swept_;
  std::vector<Run> runs_;
  std::size_t total_ = 0;
};

}  // namespace

ExperimentLog import_sweeps(Api& api, const ImportOptions& options, const ImportView& view) {
  check(options);
  return Import(api, options, view).log();
}

ExperimentLog import_sweeps(const ImportOptions& options, const ImportView& view) {
  check(options);
  const Variable variable = [](const char* name) { return std::getenv(name); };
  const auto http = make_http_client(http_patience(variable));
  Api api(*http, find_server(variable));
  return import_sweeps(api, options, view);
}

}  // namespace malet::wandb

namespace malet {

ExperimentLog ExperimentLog::from_wandb_sweep(const std::string& entity, const std::string& project,
                                              const std::vector<std::string>& sweep_ids,
                                              std::filesystem::path logs_file, bool get_all_steps,
                                              const Value::Map& filter,
                                              const std::vector<std::string>& get_metrics) {
  wandb::ImportOptions options;
  options.project = {entity, project};
  options.sweeps = sweep_ids;
  options.all_steps = get_all_steps;
  options.filter = filter;
  options.metrics = get_metrics;
  options.logs_file = std::move(logs_file);
  return wandb::import_sweeps(options);
}

}  // namespace malet
