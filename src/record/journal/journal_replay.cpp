#include "record/journal/journal_replay.hpp"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "base/text/reject.hpp"
#include "malet/error.hpp"
#include "record/journal/journal_record.hpp"
#include "record/journal/journal_rows.hpp"
#include "record/journal/run_series.hpp"
#include "record/table/cells.hpp"
#include "record/table/table.hpp"

namespace malet::record {

namespace {

/// A run that has begun and not ended.
struct LiveRun {
  StartRecord start;
  bool reported = false;  // whether `metrics` and `tails` are its own
  Metrics metrics;
  RunTails tails;
};

/// Takes the records behind the header.
class Replayer {
 public:
  Replayer(Table& table, const JournalHeader& header, bool follows)
      : table_(table),
        columns_(table, header),
        rows_(table, follows),
        series_apart_(header.series_apart) {}

  void take(const JournalLine& line) {
    switch (line.kind) {
      case RecordKind::header:
        reject("is a second header");
      case RecordKind::column:
        return columns_.add(table_, line.fields);
      case RecordKind::start:
        return take_start(parse_start(line.fields));
      case RecordKind::step:
        return take_step(parse_step(line.fields));
      case RecordKind::series:
        return take_series(parse_series(line.fields));
      case RecordKind::row:
        return take_row(parse_row(line.fields));
    }
  }

  /// Gives runs that did not end their rows.
  void finish() {
    for (auto& [run, live] : live_) {
      const auto row = rows_.put(running_line(live));
      if (row && live.reported) keep_tails(*row, std::move(live.tails));
    }
  }

  [[nodiscard]] std::unordered_map<std::size_t, RunTails> take_tails() { return std::move(tails_); }

 private:
  void take_start(StartRecord start) {
    start.grid_line = columns_.table_line(start.grid_line, table_);
    live_.try_emplace(start.run, LiveRun{std::move(start), false, {}, {}});
  }

  /// A run that reports, with what it goes on from.
  LiveRun& reporting(std::uint64_t run, StepRecord::Kind kind) {
    const auto found = live_.find(run);
    if (found == live_.end()) reject("is of a run that did not begin");
    LiveRun& live = found->second;
    if (kind == StepRecord::Kind::fresh) {
      live.metrics.clear();
      live.tails = {true, {}};
    } else if (!live.reported) {
      live.metrics = saved_metrics(live.start.grid_line);
      if (const auto row = rows_.find(live.start.grid_line)) live.tails = tails_of(*row);
    }
    live.reported = true;
    return live;
  }

  void take_step(const StepRecord& step) {
    LiveRun& live = reporting(step.run, step.kind);
    if (step.kind == StepRecord::Kind::set) {
      for (const auto& [name, value] : step.metrics) live.tails.drop(name);
      return replace_values(live.metrics, step.metrics);
    }
    for (std::size_t i = 0; i < step.positions.size(); ++i) {
      refuse_gap(live.metrics, step.metrics[i].first, step.positions[i]);
      resize_series(live.metrics, step.metrics[i].first, step.positions[i]);
    }
    append_step(live.metrics, step.metrics);
  }

  void take_series(const SeriesRecord& record) {
    LiveRun& live = reporting(record.run, record.kind);
    std::erase_if(live.metrics, [&](const auto& item) { return item.first == record.metric; });
    if (record.kind == StepRecord::Kind::set) live.tails.drop(record.metric);
    live.tails.at(record.metric, record.values.begin()).put(record.values);
  }

  /// A log that was edited may lack some steps, but not without end.
  static void refuse_gap(const Metrics& series, std::string_view name, std::size_t position) {
    constexpr std::size_t most = 1U << 20U;
    if (position <= series_length(series, name) + most) return;
    reject("is of a series whose beginning is not there");
  }

  void take_row(const RowRecord& row) {
    const auto live = live_.find(row.run);
    const bool reported = live != live_.end() && live->second.reported;
    if (series_apart_) {
      const auto put = rows_.put(columns_.table_line(row.line, table_));
      if (put) keep_tails(*put, ended_tails(row, reported ? live->second.tails : tails_of(*put)));
    } else if (row.series_columns.empty()) {
      rows_.put(columns_.table_line(row.line, table_));
    } else if (!reported) {
      reject("is of a run whose steps are not there");
    } else {
      rows_.put(columns_.table_line(with_series(row, live->second.metrics), table_));
    }
    if (live != live_.end()) live_.erase(live);
  }

  /// Series of a row from earlier records of the journal.
  [[nodiscard]] RunTails tails_of(std::size_t row) const {
    const auto known = tails_.find(row);
    return known == tails_.end() ? RunTails() : known->second;
  }

  void keep_tails(std::size_t row, RunTails tails) {
    if (series_apart_) tails_.insert_or_assign(row, std::move(tails));
  }

  /// The series that a row names, and no others: what the journal has of them.
  [[nodiscard]] RunTails ended_tails(const RowRecord& row, const RunTails& known) const {
    RunTails tails{true, {}};
    for (std::size_t i = 0; i < row.series_lengths.size(); ++i) {
      const std::string_view name = columns_.name(row.series_columns[i]);
      const NumberSeries* series = known.find(name);
      tails.series.emplace_back(name,
                                series != nullptr ? *series : NumberSeries(row.series_lengths[i]));
      tails.series.back().second.cut(row.series_lengths[i]);
    }
    return tails;
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
    if (!live.reported) live.metrics = saved_metrics(live.start.grid_line);
    for (const auto& [name, series] : live.tails.series) {
      if (series.size() > 0) live.metrics.set(name, series.back());
    }
    for (const auto& [name, value] : live.metrics) {
      if (!table_.column(name)) table_.add_metric_field(name);
    }
    std::vector<std::string_view> cells(table_.columns());
    std::string scratch;
    if (const auto row = rows_.find(live.start.grid_line)) table_.split(*row, cells, scratch);
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
  bool series_apart_;
  std::unordered_map<std::uint64_t, LiveRun> live_;
  std::unordered_map<std::size_t, RunTails> tails_;
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
    replay.tails = replayer.take_tails();
  } catch (const Error& error) {
    const std::string_view what = error.what();
    if (what.starts_with(name)) throw;  // it says where already
    reader.fail(what);
  }
  return replay;
}

}  // namespace malet::record
