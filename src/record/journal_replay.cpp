#include "record/journal_replay.hpp"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "malet/error.hpp"
#include "record/info_columns.hpp"
#include "record/journal_columns.hpp"
#include "record/journal_reader.hpp"
#include "record/key_index.hpp"
#include "record/key_text.hpp"
#include "record/line_builder.hpp"
#include "record/series.hpp"

namespace malet::record {

namespace {

/// A run that has begun and not ended.
struct LiveRun {
  StartRecord start;
  bool reported = false;  // whether `metrics` are its own
  Metrics metrics;
};

/// The rows of a table, put by config.
class RowsByConfig {
 public:
  RowsByConfig(Table& table, bool any_status)
      : table_(table), index_(table), any_status_(any_status) {}

  /// The row of the config whose grid cells begin the line.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view line) {
    read_keys(line);
    return index_.find(table_, keys_);
  }

  void put(std::string_view line) {
    const auto row = find(line);
    if (!row) {
      index_.insert(table_.append(line), keys_);
    } else if (any_status_ || rank(line) >= rank(table_.line(*row))) {
      table_.replace(*row, line);
    }
  }

 private:
  void read_keys(std::string_view line) {
    CellWalk walk(line);
    std::string_view cell;
    keys_.resize(table_.grid_fields().size());
    for (std::string& key : keys_) {
      if (!walk.next(cell)) cell = {};
      key = cell_key(unescaped(cell, unquoted_), scratch_);
    }
  }

  int rank(std::string_view line) {
    const auto column = table_.column("status");
    if (!column) return 0;
    CellWalk walk(line);
    std::string_view cell;
    for (std::size_t i = 0; i <= *column; ++i) {
      if (!walk.next(cell)) return 0;
    }
    return status_rank(cell);
  }

  Table& table_;
  KeyIndex index_;
  bool any_status_;
  std::vector<std::string> keys_;
  std::string unquoted_;
  std::string scratch_;
};

/// Takes the records behind the header.
class Replayer {
 public:
  Replayer(Table& table, const JournalHeader& header, bool follows)
      : table_(table), columns_(table, header), rows_(table, follows) {}

  void take(const JournalLine& line) {
    switch (line.kind) {
      case RecordKind::header:
        throw Error(ErrorKind::bad_input, "is a second header");
      case RecordKind::column:
        return columns_.add(table_, line.fields);
      case RecordKind::start:
        return take_start(parse_start(line.fields));
      case RecordKind::step:
        return take_step(parse_step(line.fields));
      case RecordKind::row:
        return take_row(parse_row(line.fields));
    }
  }

  /// What has not ended.
  void finish() {
    for (auto& [run, live] : live_) rows_.put(running_line(live));
  }

 private:
  void take_start(StartRecord start) {
    start.grid_line = columns_.table_line(start.grid_line, table_);
    live_.try_emplace(start.run, LiveRun{std::move(start), false, {}});
  }

  void take_step(const StepRecord& step) {
    const auto found = live_.find(step.run);
    if (found == live_.end()) throw Error(ErrorKind::bad_input, "is of a run that did not begin");
    LiveRun& live = found->second;
    if (step.kind == StepRecord::Kind::fresh) {
      live.metrics.clear();
    } else if (!live.reported) {
      live.metrics = saved_metrics(live.start.grid_line);
    }
    live.reported = true;
    if (step.kind == StepRecord::Kind::set) return replace_values(live.metrics, step.metrics);
    for (std::size_t i = 0; i < step.positions.size(); ++i) {
      refuse_gap(live.metrics, step.metrics[i].first, step.positions[i]);
      resize_series(live.metrics, step.metrics[i].first, step.positions[i]);
    }
    append_step(live.metrics, step.metrics);
  }

  /// A log that was edited may lack some steps, but not without end.
  static void refuse_gap(const Metrics& series, std::string_view name, std::size_t position) {
    constexpr std::size_t most = 1U << 20U;
    if (position <= series_length(series, name) + most) return;
    throw Error(ErrorKind::bad_input, "is of a series whose beginning is not there");
  }

  void take_row(const RowRecord& row) {
    const auto live = live_.find(row.run);
    const bool reported = live != live_.end() && live->second.reported;
    if (row.series_columns.empty()) {
      rows_.put(columns_.table_line(row.line, table_));
    } else if (!reported) {
      throw Error(ErrorKind::bad_input, "is of a run whose steps are not there");
    } else {
      rows_.put(columns_.table_line(with_series(row, live->second.metrics), table_));
    }
    if (live != live_.end()) live_.erase(live);
  }

  /// The row's line with the series in their columns.
  [[nodiscard]] std::string with_series(const RowRecord& row, const Metrics& series) const {
    LineBuilder builder;
    CellWalk walk(row.line);
    const std::size_t last = row.series_columns.back();
    (void)columns_.name(last);  // nothing beyond the journal's columns
    std::string_view cell;
    for (std::size_t column = 0;; ++column) {
      const bool there = walk.next(cell);
      if (!there && column > last) return builder.line();
      const auto& columns = row.series_columns;
      if (std::find(columns.begin(), columns.end(), column) == columns.end()) {
        builder.add_escaped(there ? cell : std::string_view());
        continue;
      }
      const Value* value = series.find(columns_.name(column));
      builder.add(value == nullptr ? Value() : *value, ListStyle::list);
    }
  }

  /// The metrics in the row of a config.
  [[nodiscard]] Metrics saved_metrics(std::string_view grid_line) {
    Metrics metrics;
    const auto row = rows_.find(grid_line);
    if (!row) return metrics;
    std::vector<std::string_view> cells;
    std::string scratch;
    table_.split(*row, cells, scratch);
    for (std::size_t i = 0; i < table_.metric_fields().size(); ++i) {
      const std::string& name = table_.metric_fields()[i];
      const std::string_view cell = cells[table_.grid_fields().size() + i];
      if (!cell.empty() && !is_info_column(name)) metrics.emplace_back(name, from_cell(cell));
    }
    return metrics;
  }

  /// The row of a run that did not end: the info columns of what was there, the run's metrics.
  [[nodiscard]] std::string running_line(LiveRun& live) {
    for (const auto& [name, value] : live.metrics) {
      if (!table_.column(name)) table_.add_metric_field(name);
    }
    std::vector<std::string_view> cells(table_.columns());
    std::string scratch;
    if (const auto row = rows_.find(live.start.grid_line)) table_.split(*row, cells, scratch);
    if (!live.reported) live.metrics = saved_metrics(live.start.grid_line);
    LineBuilder builder;
    CellWalk grid(live.start.grid_line);
    std::string_view cell;
    for (std::size_t i = 0; i < table_.grid_fields().size(); ++i) {
      builder.add_escaped(grid.next(cell) ? cell : std::string_view());
    }
    for (std::size_t i = 0; i < table_.metric_fields().size(); ++i) {
      const std::string& name = table_.metric_fields()[i];
      add_metric(builder, name, cells[table_.grid_fields().size() + i], live);
    }
    return builder.line();
  }

  static void add_metric(LineBuilder& builder, const std::string& name, std::string_view saved,
                         const LiveRun& live) {
    if (name == "status") return builder.add_cell("R");
    if (name == "datetime") return builder.add_cell(base::datetime_text(live.start.at));
    if (is_info_column(name)) return builder.add_cell(saved);
    const Value* value = live.metrics.find(name);
    builder.add(value == nullptr ? Value() : *value, ListStyle::list);
  }

  Table& table_;
  JournalColumns columns_;
  RowsByConfig rows_;
  std::unordered_map<std::uint64_t, LiveRun> live_;
};

}  // namespace

FileMark followed_snapshot(std::string_view journal, std::string_view name) {
  JournalReader reader(journal, name);
  JournalLine line;
  if (!reader.next(line)) return {};
  if (line.kind != RecordKind::header) reader.fail("is no journal's header");
  try {
    return parse_header(line.fields).snapshot;
  } catch (const Error& error) {
    reader.fail(error.what());
  }
}

Replay replay_journal(Table& table, std::string_view journal, std::string_view name,
                      const FileMark& snapshot) {
  JournalReader reader(journal, name);
  Replay replay;
  replay.torn_bytes = reader.torn_bytes();
  JournalLine line;
  if (!reader.next(line)) return replay;
  if (line.kind != RecordKind::header) reader.fail("is no journal's header");
  try {
    const JournalHeader header = parse_header(line.fields);
    replay.follows = header.snapshot == snapshot;
    Replayer replayer(table, header, replay.follows);
    while (reader.next(line)) replayer.take(line);
    replayer.finish();
  } catch (const Error& error) {
    const std::string_view what = error.what();
    if (what.starts_with(name)) throw;  // it says where already
    reader.fail(what);
  }
  return replay;
}

}  // namespace malet::record
