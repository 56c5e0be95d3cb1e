#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "malet/config.hpp"
#include "malet/log_lock.hpp"
#include "malet/melted_log.hpp"
#include "malet/merge.hpp"
#include "malet/value.hpp"

namespace malet {

namespace record {
struct LogAccess;
class SeriesByRow;
class Table;
}  // namespace record

/// The rows of a log: the counterpart of Malet's `df`, with the grid fields as index columns.
///
/// A view: valid as long as its log lives and is not changed. Rows are numbered from 0 in the order
/// of the file; select numbers those that it leaves anew. A row number of size() or more is
/// undefined behaviour; a name that is no column's counts as an empty cell.
class LogTable {
 public:
  /// Number of rows.
  [[nodiscard]] std::size_t size() const;
  /// Grid fields, then metric fields (info columns among them), in the order of the log's columns.
  [[nodiscard]] std::vector<std::string> fields() const;
  /// The cell's text, without TSV quoting. Of a series that is kept in HDF5 the text of its last
  /// element.
  [[nodiscard]] std::string text(std::size_t row, std::string_view field) const;
  /// The cell's value (see from_cell), null where it is empty; its text when the log was read with
  /// parse_str false. A series that is kept in HDF5 is read as a whole, as a list; throws
  /// Error(bad_input) where its file is damaged.
  [[nodiscard]] Value value(std::size_t row, std::string_view field) const;
  /// Number of elements of a series that is kept in HDF5, without reading it; nothing for other
  /// cells.
  [[nodiscard]] std::optional<std::size_t> series_length(std::size_t row,
                                                         std::string_view field) const;
  /// Names and values of the grid fields, in their order, null ones included.
  [[nodiscard]] Value::Map configs(std::size_t row) const;
  /// Names and values of the metric fields, in their order, null ones included; series as value()
  /// gives them. Throws as value().
  [[nodiscard]] Metrics metrics(std::size_t row) const;

  /// A view of the rows for which `keep(row)` holds, in the same order.
  [[nodiscard]] LogTable select(const std::function<bool(std::size_t)>& keep) const;
  /// The number in the log of a row of this view.
  [[nodiscard]] std::size_t log_row(std::size_t row) const {
    return selection_ ? (*selection_)[row] : row;
  }

 private:
  friend class ExperimentLog;
  friend struct record::LogAccess;
  LogTable(const record::Table& table, bool parse_str, record::SeriesByRow* series)
      : table_(&table), parse_str_(parse_str), series_(series) {}

  const record::Table* table_;
  bool parse_str_;
  record::SeriesByRow* series_;  // null: all series stand in their cells
  std::shared_ptr<const std::vector<std::uint32_t>> selection_;  // null: all rows
};

/// The results of an experiment: one row per config, as in log.tsv.
///
/// The counterpart of Malet's ExperimentLog: static configs, a table whose index are the grid
/// fields, and metric columns, the info columns (datetime, duration, commit_hash, status) among
/// them. Configs are compared by their key texts (see to_key). isin, get_metric and add_result take
/// O(1) time in the number of rows. The file format is in docs/log_format.md.
///
/// Not for several threads at once, not even by const functions. Errors are of class Error; a
/// function that throws leaves the log as it was.
///
/// Where a file has several rows of a config, functions that take a config use the row with the
/// best status (C over F over R over none), of equal ones the last. All rows are kept and written
/// back.
class ExperimentLog {
 public:
  struct Parsed;

  /// An empty log without fields and file.
  ExperimentLog();
  ExperimentLog(const ExperimentLog& other);
  ExperimentLog(ExperimentLog&& other) noexcept;
  ExperimentLog& operator=(const ExperimentLog& other);
  ExperimentLog& operator=(ExperimentLog&& other) noexcept;
  ~ExperimentLog();

  /// An empty log with these columns, in this order. `logs_file` is where to_tsv writes it, "" for
  /// none; nothing is written before.
  /// Throws Error(bad_input) when a name stands twice or cannot be a column's: `id`, empty, or with
  /// blanks at its ends, quotes, control characters or bytes that are no UTF-8.
  [[nodiscard]] static ExperimentLog from_fields(std::vector<std::string> grid_fields,
                                                 std::vector<std::string> metric_fields,
                                                 Value::Map static_configs,
                                                 std::filesystem::path logs_file);
  /// An empty log for the configs of a ConfigIter (or anything with its grid_fields() and
  /// static_configs()).
  template <typename Configs>
  [[nodiscard]] static ExperimentLog from_config_iter(const Configs& configs,
                                                      std::vector<std::string> metric_fields,
                                                      std::filesystem::path logs_file) {
    return from_fields(configs.grid_fields(), std::move(metric_fields), configs.static_configs(),
                       std::move(logs_file));
  }
  /// Reads a log file, without its journal: while a job writes the log, or after it was killed, the
  /// file alone may lack results (merge_tsv of one file reads both). With parse_str false cells are
  /// given out as their text. Throws Error(bad_input) with file and line.
  [[nodiscard]] static ExperimentLog from_tsv(const std::filesystem::path& logs_file,
                                              bool parse_str = true);
  /// The parts of a log file, as plain values. Throws as from_tsv.
  [[nodiscard]] static Parsed parse_tsv(const std::filesystem::path& log_file,
                                        bool parse_str = true);
  /// As parse_tsv for a text; `name` stands for the file in messages.
  [[nodiscard]] static ExperimentLog from_text(std::string text, std::string_view name,
                                               bool parse_str = true);

  /// The runs of Weights & Biases sweeps as a log, a row for each run; nothing is written before
  /// to_tsv. Parameters that the sweeps vary, and other config fields in which runs differ or that
  /// some lack, are grid fields; fields with one value in all runs are static. Fields of maps are
  /// joined by dots. Metrics are the summaries' scalars and lists of scalars but for names that
  /// begin with
  /// `_`. Status: finished is C, running and pending R, all else F. A metric named as a config
  /// field or an info column gets `summary.` before its name, a config field named as an info
  /// column gets `config.`.
  ///
  /// The server is WANDB_BASE_URL (default https://api.wandb.ai), the key WANDB_API_KEY, else what
  /// stands for its host in the file NETRC (default ~/.netrc).
  /// \param entity whose project it is, as in the project's address.
  /// \param project its name.
  /// \param sweep_ids the ids at the end of the sweeps' addresses; runs come in their order.
  /// \param logs_file where to_tsv writes the log.
  /// \param get_all_steps whether metrics that were logged are series of all their values.
  /// \param filter a filter of runs as W&B's API takes it, as {"state": "finished"}.
  /// \param get_metrics the metrics to take, in this order, `_` or not; none: all.
  /// Throws Error(bad_input) when there is no key, no network, no such sweep, when an answer is cut
  /// off, when a metric of get_metrics is in no run, and when this build has no libcurl.
  [[nodiscard]] static ExperimentLog from_wandb_sweep(
      const std::string& entity, const std::string& project,
      const std::vector<std::string>& sweep_ids, std::filesystem::path logs_file,
      bool get_all_steps = false, const Value::Map& filter = {},
      const std::vector<std::string>& get_metrics = {});

  /// Replaces this log's content by the file's (default: logs_file()). Throws as from_tsv, and when
  /// there is neither.
  void load_tsv(const std::optional<std::filesystem::path>& logs_file = {}, bool parse_str = true);
  /// Writes the log (default: to logs_file()) by a temporary file, fsync and rename: the file is
  /// the old one or the new one, whatever happens. Rows are numbered anew. Makes missing folders.
  /// Series that are kept in HDF5 stay there when the log is written to its own file; another file
  /// gets them whole, in its cells.
  /// Throws Error(internal) with the system's reason.
  void to_tsv(const std::optional<std::filesystem::path>& logs_file = {}) const;

  /// Sets the metrics of a config's row, in place when the config is already there: metrics not
  /// given keep their old value. Metrics that are new to the log become columns at the end. Fields
  /// of `configs` that are static here are not looked at; a grid field that it lacks counts as
  /// null, as for the configs of a sub-grid without that field. Throws Error(bad_input) when a
  /// metric's name cannot be a column's, or is a config field's.
  void add_result(const Config& configs, const Metrics& metrics);
  /// Whether the log has a row for the config. Fields that are neither grid nor static are ignored;
  /// a static field with another value makes it false; a grid field that it lacks counts as null.
  [[nodiscard]] bool isin(const Config& config) const;
  /// The metric columns of the config's row, info columns included, empty cells as null.
  /// Throws Error(bad_input) when the log does not have it.
  [[nodiscard]] Metrics get_metric(const Config& config) const;

  /// Names and values of the config fields that all rows share.
  [[nodiscard]] const Value::Map& static_configs() const;
  /// Replaces the static configs; rows stay. Names are not checked against the columns'.
  void set_static_configs(Value::Map static_configs);
  /// The static configs as the YAML text that stands in the file: as it was loaded, until they are
  /// changed.
  [[nodiscard]] const std::string& header() const;
  /// The file that load_tsv, to_tsv and lock_file mean when none is given; empty: none.
  [[nodiscard]] const std::filesystem::path& logs_file() const;
  /// Changes logs_file(); touches no file.
  void set_logs_file(std::filesystem::path logs_file);
  /// The index columns, in their order.
  [[nodiscard]] const std::vector<std::string>& grid_fields() const;
  /// All columns that are not grid fields, info columns included, as Malet counts them.
  [[nodiscard]] const std::vector<std::string>& metric_fields() const;
  /// Names of the static, grid and metric fields, in that order.
  [[nodiscard]] std::vector<std::string> all_fields() const;
  /// The distinct values of each grid field, sorted; null and empty cells left out. A column whose
  /// cells are all numbers and not all integers gives reals, as in Malet.
  [[nodiscard]] Value::Map grid_dict() const;
  /// Whether the other log has the same config fields, static and grid together, by name: as in
  /// Malet, values do not matter, nor which of the fields are in the grid.
  [[nodiscard]] bool is_same_exp(const ExperimentLog& other) const;

  /// A function of some fields' values, in the order in which they were named.
  using FieldFunction = std::function<Value(std::span<const Value>)>;
  /// Adds a field with the function's values: a metric at the end or, with `is_index`, a grid field
  /// behind the others. The arguments may be static, grid and metric fields; null where the cell is
  /// empty. A metric of that name gets the new values in its place; other fields keep their cells.
  /// Throws Error(bad_input) for arguments that are no fields, and for a name that cannot be a
  /// column's or is another field's; exceptions of the function pass through. The log is then
  /// unchanged.
  void derive_field(const std::string& name, const FieldFunction& function,
                    const std::vector<std::string>& arguments, bool is_index = false);
  /// Removes static, grid and metric fields. Without a grid field several rows may have one config:
  /// see drop_duplicates. Throws Error(bad_input), and changes nothing, for a name that is no
  /// field.
  void drop_fields(const std::vector<std::string>& names);
  /// Gives fields other names, all at once (two can swap theirs); places and cells stay. Throws
  /// Error(bad_input), and changes nothing, for a name that is no field, and for a new one that
  /// cannot be a column's or that another field has then.
  void rename_fields(const std::map<std::string, std::string>& new_names);

  /// Merges other logs into this one: their rows come behind its rows, log by log.
  ///
  /// A field that is static with one value in all logs stays static. One whose static values
  /// differ, or that is a grid field in some of the logs, becomes a grid field, and rows whose log
  /// has it static get that value. Metrics are those of all logs. Grid fields keep this log's
  /// order, then come those of the others, then fields that were static; metrics likewise. Config
  /// fields that some log lacks, and several rows of one config, are dealt with as the options say.
  ///
  /// Takes time in proportion to the rows, not the bytes, of logs with the same columns. Throws
  /// Error(bad_input), and changes nothing, for conflicts that the options do not solve, for fixes
  /// without an effect, and for a field that is a metric in one log and a grid field in the result.
  void merge(std::span<const ExperimentLog> others, const MergeOptions& options = {});
  /// merge of one log.
  void merge(const ExperimentLog& other, const MergeOptions& options = {}) {
    merge(std::span(&other, 1), options);
  }
  /// Reads logs with their journals, merges them in that order and, with a save_path, writes the
  /// result there. Throws as merge and from_tsv, and for an empty list.
  [[nodiscard]] static ExperimentLog merge_tsv(
      const std::vector<std::filesystem::path>& log_files,
      const std::optional<std::filesystem::path>& save_path = {}, const MergeOptions& options = {});
  /// merge_tsv of all files *.tsv in a folder, sorted by name; of an experiment folder, of log.tsv
  /// and log_splits/*.tsv.
  [[nodiscard]] static ExperimentLog merge_folder(
      const std::filesystem::path& logs_path,
      const std::optional<std::filesystem::path>& save_path = {}, const MergeOptions& options = {});
  /// This log and the other, changed as `ask` says until both have the same config fields. Throws
  /// Error(bad_input) when it gives up. Malet's asks on the terminal, as `malet-mpi merge
  /// --interactive` does.
  [[nodiscard]] std::pair<ExperimentLog, ExperimentLog> resolve_merge_conflicts(
      const ExperimentLog& other,
      const std::function<std::optional<FieldFix>(const FieldConflicts&)>& ask) const;
  /// Keeps one row per config, at the place of its first. Throws Error(bad_input), and changes
  /// nothing, when rows differ and the rule does not decide.
  void drop_duplicates(const RowRule& rule = {});

  /// The values of the metric columns in long form: metric by metric, a row for each number.
  ///
  /// Series give a row per step, counted from 1; scalars count as series of one. Info columns are
  /// left out, and so are texts, maps and lists within lists, that have no number.
  /// \param df rows of this log; default: all.
  /// \param step only that step of each, -1 for the last. As in Malet a scalar counts for every
  ///   step; a series that is shorter has null there. Throws Error(bad_input) for 0 and for less
  ///   than -1.
  /// \param dropna leaves nulls and NaN out. Without it they are NaN, and a config without a value
  ///   for a metric has one such row.
  /// Throws Error(bad_input) when a grid field is named metric, step, total_steps or metric_value.
  [[nodiscard]] MeltedLog melt_and_explode_metric(const std::optional<LogTable>& df = {},
                                                  std::optional<int> step = {},
                                                  bool dropna = true) const;

  /// Whether to_tsv takes the right to write the log's file. Default: no, as in Malet.
  [[nodiscard]] bool use_filelock() const;
  /// Sets use_filelock(); a guard that lock_file gave stays.
  void set_use_filelock(bool use_filelock);
  /// Takes the right to write logs_file(), by LOG.writer, until the guard is gone: to read a log,
  /// change it and write it, while no other process writes it. An empty guard unless
  /// use_filelock(). A log, its copies and its guards share one lock. Malet's queue file LOG.lock
  /// is read and never changed.
  /// \param patience how long to try while somebody else has it.
  /// Throws Error(refused) that names the holder; Error(bad_input) when the log has no file.
  [[nodiscard]] LogLock lock_file(
      std::chrono::milliseconds patience = std::chrono::milliseconds(0)) const;

  /// The log's rows: a view, see LogTable.
  [[nodiscard]] LogTable df() const;
  /// Number of rows.
  [[nodiscard]] std::size_t size() const;

 private:
  friend struct record::LogAccess;
  struct Content;
  std::unique_ptr<Content> content_;
};

/// What a log file holds, as parse_tsv gives it.
struct ExperimentLog::Parsed {
  Value::Map static_configs;
  std::vector<std::string> grid_fields;
  std::vector<std::string> metric_fields;
  /// Cells by row and column, grid fields first.
  std::vector<std::vector<Value>> df;
};

}  // namespace malet
