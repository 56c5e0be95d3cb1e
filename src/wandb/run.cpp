#include "wandb/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/json/json_read.hpp"
#include "base/text/text_parts.hpp"

namespace malet::wandb {

namespace {

/// A field that is an integer, also where it is written as a real.
std::int64_t integer_field(const Value& whole, std::string_view name, std::int64_t fallback) {
  constexpr double exact = 9007199254740992.0;  // from here on reals skip integers
  const Value* found = whole.find(name);
  if (found == nullptr || !found->is_number()) return fallback;
  if (found->is_integer()) return found->integer();
  return std::abs(found->real()) < exact ? static_cast<std::int64_t>(found->real()) : fallback;
}

void flatten(const std::string& name, const Value& value, Value::Map& fields) {
  if (!value.is_map() || value.map().empty()) {
    fields.emplace_back(name, value);
    return;
  }
  for (const auto& [inner, item] : value.map()) flatten(name + "." + inner, item, fields);
}

Value::Map user_config(const Value::Map& raw) {
  Value::Map fields;
  for (const auto& [name, wrapped] : raw) {
    if (name.starts_with('_') || name == "wandb_version") continue;
    const Value* value = wrapped.find("value");
    flatten(name, value == nullptr ? wrapped : *value, fields);
  }
  base::keep_last_values(fields);
  return fields;
}

/// The log's status letter. Crashed, failed, killed and preempted runs, and any other state, are F.
std::string status_of(const std::string& state) {
  static constexpr std::array<std::string_view, 3> at_work = {"running", "pending", "preempting"};
  if (state == "finished") return "C";
  return std::find(at_work.begin(), at_work.end(), state) == at_work.end() ? "F" : "R";
}

std::optional<base::Micros> seconds(const Value* value) {
  constexpr double most = 1e10;
  if (value == nullptr || !value->is_number()) return std::nullopt;
  const double count = value->number();
  if (!(count >= 0 && count < most)) return std::nullopt;
  return base::Micros(std::llround(count * 1e6));
}

/// The run time that the run reports, or else the time from its start to its last sign of life.
std::optional<base::Micros> duration_of(const Run& run, std::optional<base::Micros> created,
                                        const Value::Map& summary) {
  const Value whole(summary);
  if (const auto runtime = seconds(whole.find("_runtime"))) return runtime;
  if (const Value* own = whole.find("_wandb")) {
    if (const auto runtime = seconds(own->find("runtime"))) return runtime;
  }
  if (!created || !run.updated || *run.updated < *created) return std::nullopt;
  return *run.updated - *created;
}

void read_history_size(Run& run, const Value& node, const Asked& asked) {
  const Value keys(read_json_field(node, "historyKeys", asked));
  run.history_rows = integer_field(node, "historyLineCount", 0);
  run.last_step = std::max({integer_field(keys, "lastStep", -1),
                            integer_field(Value(run.summary), "_step", -1), run.history_rows - 1});
}

}  // namespace

Run read_run(const Value& node, const Asked& asked) {
  Run run;
  run.id = base::text_field(node, "name");
  const Asked asked_run{asked.server,
                        fmt::format("run {} of {}", base::excerpt(run.id), asked.what)};
  run.config = user_config(read_json_field(node, "config", asked_run));
  run.summary = read_json_field(node, "summaryMetrics", asked_run);
  run.status = status_of(base::text_field(node, "state"));
  run.commit = base::text_field(node, "commit");
  const auto created = base::parse_utc(base::text_field(node, "createdAt"));
  run.updated = base::parse_utc(base::text_field(node, "heartbeatAt"));
  if (!run.updated) run.updated = created;
  run.duration = duration_of(run, created, run.summary);
  read_history_size(run, node, asked_run);
  return run;
}

bool is_wanted(std::string_view name, const std::vector<std::string>& picked) {
  if (picked.empty()) return !name.starts_with('_');
  return std::find(picked.begin(), picked.end(), name) != picked.end();
}

std::optional<Value> scalar_of(const Value& value) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (value.is_list() || value.is_map()) return std::nullopt;
  if (!value.is_text()) return value;
  if (value.text() == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (value.text() == "Infinity") return infinity;
  if (value.text() == "-Infinity") return -infinity;
  return value;
}

std::optional<Value> metric_of(const Value& value) {
  if (!value.is_list()) return scalar_of(value);
  Value::List items;
  for (const Value& item : value.list()) {
    const auto scalar = scalar_of(item);
    if (!scalar) return std::nullopt;
    items.push_back(*scalar);
  }
  return Value(std::move(items));
}

}  // namespace malet::wandb
