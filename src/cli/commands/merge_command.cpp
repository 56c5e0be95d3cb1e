#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "cli/commands/commands.hpp"
#include "cli/options/folder_check.hpp"
#include "cli/options/forms.hpp"
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

std::vector<Option> merge_flags(MergeFlags& flags) {
  return {
      {.names = "LOG",
       .group = {},
       .help = "Log files, or folders whose logs are all taken",
       .form = texts("PATH ...", flags.logs),
       .required = true},
      {.names = "-o,--output",
       .group = groups::output,
       .help = "The merged log",
       .form = text("FILE", flags.out),
       .required = true},
      {"--force", groups::output, "Replace FILE even if it is none of the logs", flag(flags.force)},
      {"--different", groups::conflicts,
       "Config fields that a log lacks are empty in its rows, not an error", flag(flags.different)},
      {"--set", groups::conflicts, "Gives a field to logs that lack it",
       texts("SIDE:FIELD=VALUE", flags.set), "", "self:lr=0.1"},
      {"--rename", groups::conflicts, "Gives a field another name",
       texts("SIDE:OLD=NEW", flags.rename), "", "other:rate=lr"},
      {"--drop", groups::conflicts, "Leaves a field out of all logs", texts("FIELD", flags.drop)},
      {"--prefer", groups::conflicts, "Which row stays where several of one config differ",
       one_of<Prefer>(
           flags.prefer,
           {{"self", Prefer::self}, {"other", Prefer::other}, {"newest", Prefer::newest}})},
      {"--interactive", groups::conflicts, "Ask about what is in conflict",
       flag(flags.interactive)}};
}

}  // namespace

Command merge_command() {
  const auto flags = std::make_shared<MergeFlags>();
  return {"merge",
          "Merge logs into one",
          merge_flags(*flags),
          "Static fields that differ become grid fields. The first LOG is `self`, all\n"
          "others are `other`; fields are dropped, then renamed, then set. Of several rows\n"
          "of one config equal ones fold into one, and status C beats F beats R.",
          {"malet-mpi merge EXP -o EXP/log.tsv",
           "malet-mpi merge a.tsv b.tsv -o ab.tsv --set self:dropout=0 \\\n"
           "      --rename other:rate=lr",
           "malet-mpi merge EXP1 EXP2 -o both.tsv --interactive"},
          [flags](Call&, Console& console) { return merge(*flags, console); },
          false};
}

}  // namespace malet::cli
