#include "cli/rows/best_configs.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/text/reject.hpp"
#include "cli/rows/row_formats.hpp"
#include "cli/screen/text_table.hpp"
#include "malet/error.hpp"
#include "record/log/fields.hpp"

namespace malet::cli {

namespace {

using record::holds;

void check(const RowSet& rows, const BestQuery& query) {
  rows.require_field(query.metric);
  if (!holds(rows.metric_fields(), query.metric)) {
    reject("--best: '{}' is a config field: name a metric", query.metric);
  }
  for (const std::string& field : query.per) {
    rows.require_field(field);
    if (!holds(rows.metric_fields(), field)) continue;
    reject("--per: '{}' is a metric: name config fields", field);
  }
  for (const std::string& field : query.mean_over) {
    rows.require_field(field);
    if (!rows.is_grid_field(field)) {
      reject("--mean-over: '{}' is no grid field: name one", field);
    }
    if (!holds(query.per, field)) continue;
    reject("'{}' stands in --per and in --mean-over: leave one out", field);
  }
}

std::vector<std::string> config_fields(const RowSet& rows, const BestQuery& query) {
  std::vector<std::string> fields = query.per;
  for (const std::string& field : rows.grid_fields()) {
    if (!holds(query.mean_over, field) && !holds(fields, field)) fields.push_back(field);
  }
  return fields;
}

/// The columns behind the fields could not be told from a field of their name.
void check_names(const BestQuery& query, const std::vector<std::string>& fields) {
  for (const std::string& name :
       {query.metric + "_mean", query.metric + "_stderr", std::string("n")}) {
    if (!holds(fields, name)) continue;
    reject(
        "--best: the field '{0}' bears the name of a column of the result: leave it "
        "out by --mean-over {0}, or give it another one by `malet-mpi merge --rename`",
        name);
  }
}

/// Mean and spread of the values so far, by Welford's update.
struct Sample {
  std::size_t position = 0;
  std::size_t group = 0;
  std::size_t n = 0;
  double mean = 0;
  double squares = 0;   // summed squares of the distances from the mean
  double infinite = 0;  // sum of the infinities, which have no distance from anything

  void add(double value) {
    ++n;
    if (std::isinf(value)) {
      infinite += value;
      return;
    }
    const double distance = value - mean;
    mean = n == 1 ? value : mean + distance / static_cast<double>(n);
    squares += distance * (value - mean);
  }

  /// Infinite where a value is; NaN where infinities of both signs are.
  [[nodiscard]] double whole_mean() const {
    if (std::isnan(infinite)) return std::numeric_limits<double>::quiet_NaN();
    return infinite == 0 ? mean : infinite;
  }

  [[nodiscard]] BestConfig config() const {
    BestConfig config{position, n, whole_mean(), std::nullopt};
    const auto count = static_cast<double>(n);
    if (n > 1 && std::isfinite(config.mean))
      config.standard_error = std::sqrt(squares / (count - 1) / count);
    return config;
  }
};

/// Key texts joined so that different ones differ.
std::string joined_keys(RowSet::Reader& reader, std::size_t first, std::size_t last) {
  std::string keys;
  for (std::size_t i = first; i < last; ++i) {
    const std::string key = to_key(reader.value(i));
    keys += fmt::format("{}:{}", key.size(), key);
  }
  return keys;
}

class Search {
 public:
  Search(const RowSet& rows, const BestQuery& query) : rows_(rows), query_(query) {
    found_.fields = config_fields(rows, query);
    check_names(query, found_.fields);
  }

  BestConfigs run() {
    std::vector<std::string> fields = found_.fields;
    fields.push_back(query_.metric);
    fields.emplace_back("status");
    const bool has_status = holds(rows_.metric_fields(), "status");
    RowSet::Reader reader(rows_, fields);
    for (std::size_t position = 0; position < rows_.size(); ++position) {
      if (has_status && reader.texts(position).back() != "C") {
        ++found_.not_complete;
      } else {
        (void)reader.texts(position);
        add(reader, position);
      }
    }
    choose();
    return std::move(found_);
  }

 private:
  void add(RowSet::Reader& reader, std::size_t position) {
    const std::size_t fields = found_.fields.size();
    const auto value = number(reader.value(fields), position);
    if (!value) {
      ++found_.without_value;
      return;
    }
    const std::string group = joined_keys(reader, 0, query_.per.size());
    const std::string config = group + joined_keys(reader, query_.per.size(), fields);
    const auto [sample, is_new] = sample_of_.try_emplace(config, samples_.size());
    if (is_new) {
      const std::size_t number = group_of_.try_emplace(group, group_of_.size()).first->second;
      samples_.push_back({position, number});
    }
    samples_[sample->second].add(*value);
  }

  /// The value to go by; nothing where there is none, or it is NaN.
  [[nodiscard]] std::optional<double> number(const Value& cell, std::size_t position) const {
    const Value& value = base::last_value(cell);
    if (value.is_null() || value.is_list()) return std::nullopt;
    if (value.is_boolean()) return value.boolean() ? 1 : 0;
    if (!value.is_number()) {
      reject("--best: '{}' is {} in row {}, which is no number", query_.metric, to_json(value),
             rows_.number(position).value_or(position));
    }
    return std::isnan(value.number()) ? std::nullopt : std::optional(value.number());
  }

  void choose() {
    std::vector<const Sample*> best(group_of_.size(), nullptr);
    for (const Sample& sample : samples_) {
      const Sample*& standing = best[sample.group];
      if (standing == nullptr || is_better(sample.whole_mean(), standing->whole_mean()))
        standing = &sample;
    }
    for (const Sample* sample : best) found_.configs.push_back(sample->config());
  }

  [[nodiscard]] bool is_better(double mean, double standing) const {
    if (std::isnan(standing)) return !std::isnan(mean);
    return query_.largest ? mean > standing : mean < standing;
  }

  const RowSet& rows_;
  const BestQuery& query_;
  BestConfigs found_;
  std::vector<Sample> samples_;
  std::unordered_map<std::string, std::size_t> sample_of_;  // by the config's key texts
  std::unordered_map<std::string, std::size_t> group_of_;
};

/// The three columns behind the fields.
Value::Map figures(const BestQuery& query, const BestConfig& config) {
  const Value error = config.standard_error ? Value(*config.standard_error) : Value();
  return {
      {query.metric + "_mean", config.mean}, {query.metric + "_stderr", error}, {"n", config.n}};
}

std::vector<std::string> names(const BestQuery& query, const BestConfigs& best) {
  std::vector<std::string> all = best.fields;
  for (const auto& [name, value] : figures(query, {})) all.push_back(name);
  return all;
}

Value::List listed(const std::vector<std::string>& names) {
  return {names.begin(), names.end()};
}

}  // namespace

void parse_best(std::string_view text, BestQuery& query) {
  const bool has_goal = text.ends_with(":min") || text.ends_with(":max");
  query.largest = text.ends_with(":max");
  query.metric = text.substr(0, text.size() - (has_goal ? 4 : 0));
  if (query.metric.empty()) {
    reject("--best: write a metric, as in val_loss or val_accuracy:max");
  }
}

BestConfigs best_configs(const RowSet& rows, const BestQuery& query) {
  check(rows, query);
  return Search(rows, query).run();
}

void write_best_delimited(const RowSet& rows, const BestQuery& query, const BestConfigs& best,
                          char delimiter, const Sink& sink) {
  sink(delimited_line(names(query, best), delimiter));
  RowSet::Reader reader(rows, best.fields);
  for (const BestConfig& config : best.configs) {
    const auto& texts = reader.texts(config.position);
    std::vector<std::string> cells(texts.begin(), texts.end());
    for (const auto& [name, value] : figures(query, config)) cells.push_back(to_cell(value));
    if (!sink(delimited_line(cells, delimiter))) return;
  }
}

void write_best_json(const RowSet& rows, const BestQuery& query, const BestConfigs& best,
                     const Sink& sink) {
  const Value::Map sought = {{"metric", query.metric},
                             {"goal", query.largest ? "max" : "min"},
                             {"per", listed(query.per)},
                             {"mean_over", listed(query.mean_over)}};
  const Value::Map left_out = {{"not_complete", best.not_complete},
                               {"without_value", best.without_value}};
  JsonRows document(
      {{"static_configs", rows.static_configs()}, {"best", sought}, {"left_out", left_out}}, "rows",
      sink);
  RowSet::Reader reader(rows, best.fields);
  for (const BestConfig& config : best.configs) {
    Value::Map row = row_object(reader, config.position, best.fields);
    for (auto& figure : figures(query, config)) row.push_back(std::move(figure));
    if (!document.add(std::move(row))) return;
  }
  document.finish();
}

void write_best_table(const RowSet& rows, const BestQuery& query, const BestConfigs& best,
                      std::size_t width, const Sink& sink) {
  TextTable table(names(query, best));
  RowSet::Reader reader(rows, best.fields);
  for (const BestConfig& config : best.configs) {
    std::vector<TextTable::Cell> cells;
    for (const auto& [name, value] : row_object(reader, config.position, best.fields)) {
      cells.push_back(table_cell(value, ListView::tuple));
    }
    for (const auto& [name, value] : figures(query, config)) {
      cells.push_back(table_cell(value, ListView::tuple));
    }
    table.add_row(std::move(cells));
  }
  sink(best.configs.empty() ? "no rows\n" : table.render(width));
}

std::string left_out_text(const BestQuery& query, const BestConfigs& best) {
  std::string text;
  if (best.not_complete > 0) text = fmt::format("{} not complete", best.not_complete);
  if (best.without_value > 0) {
    text +=
        fmt::format("{}{} without {}", text.empty() ? "" : ", ", best.without_value, query.metric);
  }
  return text.empty() ? text : fmt::format("(rows left out: {})\n", text);
}

}  // namespace malet::cli
