#include <cstddef>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands/commands.hpp"
#include "cli/options/folder_check.hpp"
#include "cli/options/forms.hpp"
#include "cli/reports/failure_report.hpp"
#include "cli/rows/best_configs.hpp"
#include "cli/rows/row_formats.hpp"
#include "cli/rows/row_set.hpp"
#include "sweep/folder/attempt_history.hpp"

namespace malet::cli {

namespace {

enum class Format { table, tsv, csv, json };

struct ShowOptions {
  std::string what;
  std::string filter;
  std::string sort;
  std::size_t top = 0;
  Format format = Format::table;
  std::vector<std::string> fields;
  bool failed = false;
  std::optional<std::string> best;
  BestQuery query;
};

/// What is shown, and why the failed ones failed where that was asked for and can be known.
struct Shown {
  RowSet rows;
  std::string why;
  Value::Map failures;
};

Shown open_shown(const ShowOptions& options, Console& console) {
  if (!options.failed || !std::filesystem::is_directory(options.what)) {
    return {open_rows(options.what, console), {}, {}};
  }
  require_experiment_or_log(options.what);
  sweep::Folder folder = open_experiment(options.what, console);
  std::string why;
  Value::Map failures;
  const auto failed = sweep::failed_configs(folder);
  add_failures(failures, failed, folder.configs);
  if (!failed.empty()) why = failure_text(failed, folder.configs, console.out.width());
  return {RowSet(std::move(folder)), std::move(why), std::move(failures)};
}

std::vector<std::string> fields_to_show(const RowSet& rows, const ShowOptions& options,
                                        const std::vector<SortKey>& keys) {
  for (const std::string& field : options.fields) rows.require_field(field);
  if (!options.fields.empty()) return options.fields;
  if (options.format == Format::table) return table_fields(rows, keys);
  std::vector<std::string> fields = rows.grid_fields();
  fields.insert(fields.end(), rows.metric_fields().begin(), rows.metric_fields().end());
  return fields;
}

void write(const RowSet& rows, const std::vector<std::string>& fields, Format format,
           const Value::Map& failures, Console& console) {
  const Sink sink = [&console](std::string_view text) { return console.out.write(text); };
  switch (format) {
    case Format::table:
      return write_rows_table(rows, fields, console.out.width(), sink);
    case Format::tsv:
      return write_delimited(rows, fields, '\t', sink);
    case Format::csv:
      return write_delimited(rows, fields, ',', sink);
    case Format::json:
      return write_rows_json(rows, fields, sink, failures);
  }
}

ExitCode show_best(const ShowOptions& options, const RowSet& rows, Console& console) {
  BestQuery query = options.query;
  parse_best(*options.best, query);
  const BestConfigs best = best_configs(rows, query);
  const Sink sink = [&console](std::string_view text) { return console.out.write(text); };
  switch (options.format) {
    case Format::table:
      write_best_table(rows, query, best, console.out.width(), sink);
      console.out.write(left_out_text(query, best));
      return ExitCode::complete;
    case Format::tsv:
    case Format::csv:
      write_best_delimited(rows, query, best, options.format == Format::tsv ? '\t' : ',', sink);
      console.err.write(left_out_text(query, best));
      return ExitCode::complete;
    case Format::json:
      break;
  }
  write_best_json(rows, query, best, sink);
  return ExitCode::complete;
}

ExitCode show(const ShowOptions& options, Console& console) {
  const auto keys = options.sort.empty() ? std::vector<SortKey>() : parse_sort_keys(options.sort);
  Shown shown = open_shown(options, console);
  RowSet& rows = shown.rows;
  if (options.failed) rows.keep_failed();
  if (!options.filter.empty()) rows.keep(base::Filter(options.filter));
  if (options.best) return show_best(options, rows, console);
  rows.sort(keys);
  const std::size_t found = rows.size();
  if (options.top > 0) rows.cut(options.top);
  write(rows, fields_to_show(rows, options, keys), options.format, shown.failures, console);
  if (options.format == Format::table && rows.size() < found) {
    console.out.write(fmt::format("({} of {} rows)\n", rows.size(), found));
  }
  if (options.format == Format::table && !shown.why.empty()) console.out.write("\n" + shown.why);
  return ExitCode::complete;
}

std::vector<Option> best_options(ShowOptions& options) {
  const auto read = [&options](const std::string& metric) { options.best = metric; };
  return {{.names = "--best",
           .group = groups::rows,
           .help = "The config with the smallest METRIC, or the largest one with :max",
           .form = parsed("METRIC[:min|max]", read),
           .excludes = {"--sort", "--top", "--fields", "--failed"}},
          {.names = "--per",
           .group = groups::rows,
           .help = "A best config for each of these fields' values",
           .form = names(options.query.per),
           .needs = {"--best"}},
          {.names = "--mean-over",
           .group = groups::rows,
           .help = "Take the mean over these fields, with its standard error",
           .form = names(options.query.mean_over),
           .needs = {"--best"}}};
}

std::vector<Option> show_options(ShowOptions& options) {
  return joined(
      {{{.names = "EXP|LOG",
         .group = {},
         .help = "Experiment folder, or one log file",
         .form = text("PATH", options.what),
         .required = true},
        {"--filter", groups::rows, "Only rows that match", text("EXPR", options.filter)},
        {"--sort", groups::rows, "Sort by fields; -FIELD puts the largest first",
         text("FIELD,..", options.sort)},
        {"--top", groups::rows, "Only the first N rows",
         number(options.top, 1, std::numeric_limits<int>::max())},
        {"--failed", groups::rows, "Only failed rows, and why they failed", flag(options.failed)}},
       best_options(options),
       {{"--format", groups::output, "How to write them",
         one_of<Format>(options.format, {{"table", Format::table},
                                         {"tsv", Format::tsv},
                                         {"csv", Format::csv},
                                         {"json", Format::json}}),
         "table"},
        {"--fields", groups::output, "Only these columns; static fields can be named, too",
         names(options.fields)}}});
}

}  // namespace

Command show_command() {
  const auto options = std::make_shared<ShowOptions>();
  return {"show",
          "Show rows of the logs",
          show_options(*options),
          "Of a folder each config is shown once, by its best status and latest row; of a\n"
          "log file every row is. Filters and sorts take the last value of a series, and so\n"
          "does --best, which looks at complete rows alone.",
          {"malet-mpi show EXP --sort val_loss --top 10",
           "malet-mpi show EXP --filter 'lr <= 0.1 and optimizer in [sgd, adam]' \\\n"
           "      --sort -val_accuracy",
           "malet-mpi show EXP/log_splits/split_0.tsv --format csv --fields lr,seed",
           "malet-mpi show EXP --best val_acc:max --per optimizer --mean-over seed",
           "malet-mpi show EXP --failed"},
          [options](Call&, Console& console) { return show(*options, console); }};
}

}  // namespace malet::cli
