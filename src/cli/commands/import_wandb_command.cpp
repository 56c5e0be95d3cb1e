#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "base/claims/writer_holder.hpp"
#include "base/claims/writer_lock.hpp"
#include "base/files/files.hpp"
#include "base/files/paths.hpp"
#include "base/json/json_read.hpp"
#include "base/text/reject.hpp"
#include "cli/commands/commands.hpp"
#include "cli/options/folder_check.hpp"
#include "cli/options/forms.hpp"
#include "sweep/reshape/log_replacement.hpp"
#include "wandb/import.hpp"

namespace malet::cli {

namespace {

namespace fs = std::filesystem;

struct ImportWandbOptions {
  std::string project;
  std::vector<std::string> sweeps;
  std::string out;
  bool all_steps = false;
  std::string filter;
  std::vector<std::string> metrics;
  bool force = false;
};

/// Sees that nothing is lost by writing `out`.
void require_room(const fs::path& out, bool force) {
  require_writable(out);
  if (!force && base::is_there(out)) {
    reject("{} is there already: give another -o, or --force to replace it", out.string());
  }
  sweep::check_log_place(out, force);
  const fs::path journal = base::paths::journal(out);
  if (base::is_there(journal)) {
    reject("{} holds results that are not in the log yet: give another -o", journal.string());
  }
}

Value read_filter(const std::string& text) {
  if (text.empty()) return {};
  try {
    return base::read_json(text);
  } catch (const Error& error) {
    reject("--filter: {}; write it as '{{\"state\": \"finished\"}}'", error.what());
  }
}

wandb::ImportOptions import_options(const ImportWandbOptions& options) {
  const std::size_t slash = options.project.find('/');
  wandb::ImportOptions import;
  import.project.entity = options.project.substr(0, slash);
  if (slash != std::string::npos) import.project.name = options.project.substr(slash + 1);
  import.sweeps = options.sweeps;
  import.all_steps = options.all_steps;
  import.filter = read_filter(options.filter);
  import.metrics = options.metrics;
  import.logs_file = options.out;
  return import;
}

/// A line on a terminal that says how far it is; nothing anywhere else.
class FetchLine {
 public:
  explicit FetchLine(Output& output) : output_(&output), shown_(output.is_terminal()) {}
  FetchLine(const FetchLine&) = delete;
  FetchLine& operator=(const FetchLine&) = delete;
  /// Leaves no trace: a message or the result is to come.
  ~FetchLine() {
    if (shown_) output_->write(clear_line);
  }

  void draw(const wandb::ImportProgress& progress) {
    if (!shown_) return;
    output_->write(fmt::format("{}{}/{} runs", clear_line, progress.runs, progress.total));
  }

 private:
  static constexpr std::string_view clear_line = "\r\x1b[K";

  Output* output_;
  bool shown_;
};

ExperimentLog fetch(const ImportWandbOptions& options, Console& console) {
  FetchLine line(console.err);
  return wandb::import_sweeps(import_options(options), [&](const auto& now) { line.draw(now); });
}

ExitCode import_wandb(const ImportWandbOptions& options, Console& console) {
  require_room(options.out, options.force);
  const ExperimentLog log = fetch(options, console);
  base::check_malet_lock(options.out);
  const base::WriterLock lock(options.out, {});
  require_room(options.out, options.force);
  sweep::overwrite_log(log, options.out);
  console.out.write(
      fmt::format("{}: {} run{}\n", options.out, log.size(), log.size() == 1 ? "" : "s"));
  return ExitCode::complete;
}

std::vector<Option> import_wandb_options(ImportWandbOptions& options) {
  return {
      {.names = "ENTITY/PROJECT",
       .group = {},
       .help = "Whose sweeps, and in which project",
       .form = text("NAME", options.project),
       .required = true},
      {.names = "SWEEP",
       .group = {},
       .help = "Ids of sweeps, as at the end of their addresses",
       .form = texts("ID", options.sweeps),
       .required = true},
      {.names = "-o,--output",
       .group = groups::output,
       .help = "The log to write",
       .form = text("LOG", options.out),
       .required = true},
      {"--force", groups::output, "Replace LOG if it is there, its series with it",
       flag(options.force)},
      {"--filter", groups::rows, "Only runs that match, a filter of W&B's API",
       text("JSON", options.filter), "", "'{\"state\": \"finished\"}'"},
      {"--metrics", groups::rows, "Only these metrics, in this order", names(options.metrics)},
      {"--all-steps", groups::rows,
       "Take the whole history: metrics that were logged become series", flag(options.all_steps)}};
}

}  // namespace

Command import_wandb_command() {
  const auto options = std::make_shared<ImportWandbOptions>();
  return {"import-wandb",
          "Write runs of W&B sweeps to a log",
          import_wandb_options(*options),
          "The key is WANDB_API_KEY, else the password for the server in the file NETRC\n"
          "(~/.netrc). The server is WANDB_BASE_URL, by default https://api.wandb.ai.",
          {"malet-mpi import-wandb me/resnet 3x9k2c1a -o resnet.tsv",
           "malet-mpi import-wandb me/resnet 3x9k2c1a 7h1w0b2d -o resnet.tsv --all-steps \\\n"
           "      --metrics val_loss,val_acc --filter '{\"state\": \"finished\"}'"},
          [options](Call&, Console& console) { return import_wandb(*options, console); }};
}

}  // namespace malet::cli
