#include <fmt/format.h>

#include <memory>
#include <string>

#include "cli/commands/commands.hpp"
#include "cli/options/folder_check.hpp"
#include "cli/options/forms.hpp"
#include "malet/experiment.hpp"

namespace malet::cli {

namespace {

constexpr long long most_splits = 100'000;  // as Experiment::resplit_logs takes them

struct ResplitOptions {
  std::string exp;
  std::size_t splits = 1;
  bool no_backup = false;
};

std::string rows_text(std::size_t rows) {
  return fmt::format("{} row{}", rows, rows == 1 ? "" : "s");
}

std::string summary(const ResplitReport& report) {
  std::string text = fmt::format("{} in {}", rows_text(report.rows), report.logs.front().string());
  if (report.logs.size() > 1) {
    text +=
        fmt::format(" to {} ({} logs)", report.logs.back().filename().string(), report.logs.size());
  }
  text += '\n';
  if (report.folded_rows > 0) {
    text += fmt::format("{} left out: another log has a better or later one of the same config\n",
                        rows_text(report.folded_rows));
  }
  if (report.foreign_rows > 0) {
    text += fmt::format("{} of configs that the grid does not have: in {}\n",
                        rows_text(report.foreign_rows), report.logs.front().string());
  }
  if (!report.backup.empty()) text += fmt::format("backup: {}\n", report.backup.string());
  return text;
}

ExitCode resplit(const ResplitOptions& options, Console& console) {
  require_experiment(options.exp);
  console.out.write(
      summary(Experiment::resplit_logs(options.exp, options.splits, !options.no_backup)));
  return ExitCode::complete;
}

ExitCode mark_failed(const std::string& exp, Console& console) {
  require_experiment(exp);
  const std::size_t failed = Experiment::set_log_status_as_failed(exp);
  console.out.write(fmt::format("{} marked as failed\n", rows_text(failed)));
  return ExitCode::complete;
}

}  // namespace

Command resplit_command() {
  const auto options = std::make_shared<ResplitOptions>();
  return {"resplit",
          "Split a folder's logs anew",
          {folder_argument(options->exp),
           {.names = "-n,--splits",
            .group = groups::results,
            .help = "Number of logs: config i goes to log_splits/split_{i%N}.tsv; 1: to log.tsv",
            .form = number(options->splits, 1, most_splits),
            .required = true},
           {"--no-backup", groups::results, "Write no logs_backup.tsv first",
            flag(options->no_backup)}},
          "Killed at any moment it loses nothing: the next command on the folder goes on.\n"
          "Refused, with exit code 3, while a job writes in the folder.",
          {"malet-mpi resplit EXP -n 8", "malet-mpi resplit EXP -n 1 --no-backup"},
          [options](Call&, Console& console) { return resplit(*options, console); },
          false};
}

Command mark_failed_command() {
  const auto exp = std::make_shared<std::string>();
  return {"mark-failed",
          "Mark runs that nobody runs as failed",
          {folder_argument(*exp)},
          "Sets status R to F in all logs of the folder, and takes journals into their\n"
          "logs. `run` does so by itself; this is for those who read the logs with other\n"
          "tools. Refused, with exit code 3, while a job writes in the folder.",
          {"malet-mpi mark-failed EXP"},
          [exp](Call&, Console& console) { return mark_failed(*exp, console); },
          false};
}

}  // namespace malet::cli
