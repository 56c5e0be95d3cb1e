#include "cli/commands/merge_command.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "cli/options/field_fixes.hpp"
#include "cli/options/folder_check.hpp"
#include "cli/options/options.hpp"
#include "cli/rows/merge_dialogue.hpp"
#include "record/log/merge.hpp"
#include "sweep/folder/folder.hpp"
#include "sweep/reshape/log_replacement.hpp"

namespace malet::cli {

namespace {

namespace fs = std::filesystem;

struct MergeFlags {
  std::vector<std::string> logs;
  std::string out;
  bool different = false;
  std::vector<std::string> set;
  std::vector<std::string> rename;
  std::vector<std::string> drop;
  Prefer prefer = Prefer::none;
  bool interactive = false;
  bool force = false;
};

/// Dropped fields make room for renamed ones, and those for values.
std::vector<FieldFix> fixes(const MergeFlags& flags) {
  std::vector<FieldFix> all;
  for (const std::string& field : flags.drop)
    all.push_back({FieldFix::Kind::drop, {}, field, {}, {}});
  for (const std::string& text : flags.rename) all.push_back(parse_rename(text));
  for (const std::string& text : flags.set) all.push_back(parse_set(text));
  return all;
}

std::vector<ExperimentLog> read_logs(const std::string& path) {
  require_logs(path);
  std::vector<ExperimentLog> logs;
  if (fs::is_directory(path)) {
    logs = sweep::open_logs(path);
    if (logs.empty()) {
      throw Error(
          ErrorKind::bad_input,
          fmt::format("{}: there is no log in this folder: leave it out, or run it first", path));
    }
  } else {
    logs.push_back(sweep::open_log(path));
  }
  return logs;
}

record::MergeInput read_input(const std::vector<std::string>& paths) {
  record::MergeInput input{{}, 0};
  for (const std::string& path : paths) {
    auto logs = read_logs(path);
    std::move(logs.begin(), logs.end(), std::back_inserter(input.logs));
    if (input.self_count == 0) input.self_count = input.logs.size();
  }
  return input;
}

/// The log that the result takes the place of, where it is one of those that were read.
const ExperimentLog* source_of(const fs::path& out, const std::vector<ExperimentLog>& logs) {
  const auto is_out = [&out](const ExperimentLog& log) {
    std::error_code ignored;
    return fs::equivalent(log.logs_file(), out, ignored);
  };
  const auto found = std::find_if(logs.begin(), logs.end(), is_out);
  return found == logs.end() ? nullptr : &*found;
}

MergeOptions merge_options(const MergeFlags& flags, MergeDialogue& dialogue) {
  MergeOptions options;
  options.same = !flags.different;
  options.fixes = fixes(flags);
  options.rows.prefer = flags.prefer;
  if (!flags.interactive) return options;
  options.ask_field = [&](const FieldConflicts& conflicts) {
    return dialogue.ask_field(conflicts);
  };
  options.rows.ask = [&](const RowConflict& conflict) { return dialogue.ask_row(conflict); };
  return options;
}

ExitCode merge(const MergeFlags& flags, Console& console) {
  MergeDialogue dialogue(console.out, LineInput(0));
  const MergeOptions options = merge_options(flags, dialogue);
  const record::MergeInput input = read_input(flags.logs);
  const ExperimentLog result = record::merged(input, options);
  sweep::replace_log(result, flags.out, {source_of(flags.out, input.logs), flags.force});
  std::size_t rows = 0;
  for (const ExperimentLog& log : input.logs) rows += log.size();
  console.out.write(
      fmt::format("{}: {} rows of {} logs", flags.out, result.size(), input.logs.size()));
  console.out.write(
      rows == result.size() ? "\n" : fmt::format("; {} repeated others\n", rows - result.size()));
  return ExitCode::complete;
}

void add_flags(CLI::App& app, MergeFlags& flags) {
  app.add_option("LOG", flags.logs, "Log files, or folders whose logs are all taken")
      ->required()
      ->type_name("PATH ...");
  app.add_option("-o,--output", flags.out, "The merged log")->required()->type_name("FILE");
  app.add_flag("--different", flags.different,
               "Config fields that a log lacks are empty in its rows, not an error");
  app.add_option("--set", flags.set, "Gives a field to logs that lack it: self:lr=0.1")
      ->type_name("SIDE:FIELD=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--rename", flags.rename, "Gives a field another name: other:rate=lr")
      ->type_name("SIDE:OLD=NEW")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--drop", flags.drop, "Leaves a field out of all logs")
      ->type_name("FIELD")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  add_choice<Prefer>(app, "--prefer", flags.prefer,
                     {{"self", Prefer::self}, {"other", Prefer::other}, {"newest", Prefer::newest}},
                     "Which row stays where several of one config differ");
  app.add_flag("--interactive", flags.interactive, "Ask about what is in conflict");
  app.add_flag("--force", flags.force, "Replace FILE even if it is none of the logs");
}

}  // namespace

Subcommand add_merge_command(CLI::App& program) {
  const auto flags = std::make_shared<MergeFlags>();
  CLI::App& app = *program.add_subcommand("merge", "Merge logs into one");
  add_flags(app, *flags);
  app.footer(
      "Static fields that differ become grid fields. The first LOG is `self`, all others are\n"
      "`other`; fields are dropped, then renamed, then set. Of several rows of one config equal\n"
      "ones fold into one, and status C beats F beats R.\n\n"
      "Examples:\n  malet-mpi merge EXP -o EXP/log.tsv\n"
      "  malet-mpi merge a.tsv b.tsv -o ab.tsv --set self:dropout=0 --rename other:rate=lr\n"
      "  malet-mpi merge EXP1 EXP2 -o both.tsv --interactive");
  return {&app, [flags](Console& console) { return merge(*flags, console); }, false};
}

}  // namespace malet::cli
