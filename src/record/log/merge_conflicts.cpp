#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <span>
#include <utility>

#include "base/text/reject.hpp"
#include "record/log/fields.hpp"
#include "record/log/log_access.hpp"
#include "record/log/merge.hpp"
#include "record/table/key_text.hpp"

namespace malet::record {

namespace {

using Logs = std::span<ExperimentLog>;

bool has_config_field(const ExperimentLog& log, const std::string& field) {
  return static_field(log.static_configs(), field) != nullptr || holds(log.grid_fields(), field);
}

/// The logs that a fix may change, and how it is called.
std::pair<Logs, std::string_view> logs_of(MergeInput& input, const FieldFix& fix) {
  const Logs all(input.logs);
  if (fix.kind == FieldFix::Kind::drop) return {all, "no log"};
  if (fix.side == MergeSide::self) return {all.first(input.self_count), "no log of self"};
  return {all.subspan(input.self_count), "no log of other"};
}

void set_field(ExperimentLog& log, const FieldFix& fix) {
  if (holds(log.metric_fields(), fix.field)) {
    reject("'{}' cannot be set: it is a metric in one of the logs; rename that first", fix.field);
  }
  Value::Map statics = log.static_configs();
  statics.emplace_back(fix.field, fix.value);
  log.set_static_configs(std::move(statics));
}

void change(ExperimentLog& log, const FieldFix& fix) {
  switch (fix.kind) {
    case FieldFix::Kind::set:
      return set_field(log, fix);
    case FieldFix::Kind::rename:
      return log.rename_fields({{fix.field, fix.new_name}});
    case FieldFix::Kind::drop:
      return log.drop_fields({fix.field});
  }
}

/// Whether a fix is about the log: set gives a field to those that lack it.
bool concerns(const FieldFix& fix, const ExperimentLog& log) {
  if (fix.kind == FieldFix::Kind::set) return !has_config_field(log, fix.field);
  return has_config_field(log, fix.field) || holds(log.metric_fields(), fix.field);
}

/// The distinct values of a field in all the logs that have it; nothing where none has.
std::optional<Value::List> values_in(std::span<const ExperimentLog> logs,
                                     const std::string& field) {
  std::optional<Value::List> values;
  std::vector<std::string> keys;
  const auto add = [&](const Value& value) {
    const std::string key = value_key(value);
    if (holds(keys, key)) return;
    keys.push_back(key);
    values->push_back(value);
  };
  for (const ExperimentLog& log : logs) {
    const Value* fixed = static_field(log.static_configs(), field);
    const auto column = table_of(log).column(field);
    const bool is_grid = column && *column < log.grid_fields().size();
    if (fixed == nullptr && !is_grid) continue;
    if (!values) values.emplace();
    if (fixed != nullptr) {
      add(*fixed);
    } else {
      for (const Value& value : distinct_values(table_of(log), *column, true)) add(value);
    }
  }
  return values;
}

/// The conflicts between one log and those before it, which agree.
FieldConflicts conflicts_of(const MergeInput& input, std::size_t log) {
  const std::span<const ExperimentLog> all(input.logs);
  const auto self = all.first(log);
  const auto other = all.subspan(log, 1);
  FieldConflicts conflicts{log_title(input, 0), log_title(input, log), {}};
  auto names = config_fields(self.front());
  names.merge(config_fields(other.front()));
  for (const std::string_view name : names) {
    const std::string field(name);
    conflicts.fields.push_back({field, values_in(self, field), values_in(other, field)});
  }
  return conflicts;
}

/// Applies a fix to a log and those before it, which agree and are one side; those behind, which
/// were not looked at yet, only lose what is dropped.
void apply_up_to(MergeInput& input, std::size_t log, const FieldFix& fix) {
  if (fix.kind == FieldFix::Kind::drop) return apply_fix(input, fix);
  const auto end = input.logs.begin() + static_cast<std::ptrdiff_t>(log) + 1;
  MergeInput pair{{input.logs.begin(), end}, log};
  apply_fix(pair, fix);
  std::move(pair.logs.begin(), pair.logs.end(), input.logs.begin());
}

bool is_open(const FieldConflicts& conflicts) {
  return std::any_of(conflicts.fields.begin(), conflicts.fields.end(),
                     [](const FieldValues& field) { return field.is_conflict(); });
}

}  // namespace

std::string log_title(const MergeInput& input, std::size_t log) {
  const auto& file = input.logs[log].logs_file();
  return file.empty() ? fmt::format("log {}", log + 1) : file.string();
}

void apply_fix(MergeInput& input, const FieldFix& fix) {
  const auto [logs, nobody] = logs_of(input, fix);
  bool changed = false;
  for (ExperimentLog& log : logs) {
    if (!concerns(fix, log)) continue;
    change(log, fix);
    changed = true;
  }
  if (changed) return;
  const bool is_set = fix.kind == FieldFix::Kind::set;
  reject("{} {} the field '{}': leave it out, or look at the name", nobody,
         is_set ? "lacks" : "has", fix.field);
}

void resolve_fields(MergeInput& input,
                    const std::function<std::optional<FieldFix>(const FieldConflicts&)>& ask) {
  for (std::size_t log = 1; log < input.logs.size(); ++log) {
    while (true) {
      const FieldConflicts conflicts = conflicts_of(input, log);
      if (!is_open(conflicts)) break;
      const auto fix = ask(conflicts);
      if (!fix) reject("the merge was given up; nothing has changed");
      apply_up_to(input, log, *fix);
    }
  }
}

void refuse_lacking_fields(const MergeInput& input) {
  FieldNames all;
  for (const ExperimentLog& log : input.logs) all.merge(config_fields(log));
  std::vector<std::string> whats;
  for (std::size_t log = 0; log < input.logs.size() && whats.size() < 3; ++log) {
    const auto missing = lacking(all, config_fields(input.logs[log]));
    if (missing.empty()) continue;
    whats.push_back(
        fmt::format("{} has no field '{}'", log_title(input, log), fmt::join(missing, "', '")));
  }
  if (whats.empty()) return;
  reject(
      "{}: give values by --set, other names by --rename, leave fields out by --drop, "
      "fill with nulls by --different, or choose by --interactive",
      fmt::join(whats, "; "));
}

}  // namespace malet::record
