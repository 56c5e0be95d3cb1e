#include "cli/reports/plan_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "cli/screen/text_table.hpp"

namespace malet::cli {

namespace {

/// Configs per table: the widths of one table's columns need all of its rows.
constexpr std::uint64_t block_size = 1000;
constexpr std::size_t most_values = 12;
/// Repeats are counted up to here; beyond, the document says so even where the grid's form excludes
/// them, so that its readers need not know which grids those are.
constexpr std::uint64_t most_counted = 10'000'000;

std::optional<std::uint64_t> counted_repeats(const ConfigIter& configs) {
  return configs.size() > most_counted ? std::nullopt : configs.duplicates();
}

Value count_or_null(const std::optional<std::uint64_t>& count) {
  return count ? Value(*count) : Value();
}

std::string unknown_or(const std::optional<std::uint64_t>& count) {
  return count ? fmt::format("{}", *count) : "unknown";
}

std::string values_text(const Value::List& values) {
  std::string text;
  for (std::size_t i = 0; i < std::min(values.size(), most_values); ++i) {
    if (i > 0) text += ", ";
    text += table_cell(values[i], ListView::tuple).text;
  }
  return values.size() > most_values ? text + ", ..." : text;
}

TextTable fields_table(const ConfigIter& configs) {
  TextTable table({"field", "values", ""});
  for (const auto& [name, value] : configs.static_configs()) {
    table.add_row({{name}, {"static"}, {table_cell(value, ListView::tuple).text}});
  }
  for (const auto& [name, values] : configs.grid_dict()) {
    const Value::List& list = values.list();
    table.add_row({{name}, {fmt::format("{}", list.size()), true}, {values_text(list)}});
  }
  return table;
}

TextTable configs_table(const PlanFacts& facts, std::uint64_t first, std::uint64_t last) {
  const ConfigIter& configs = facts.configs;
  std::vector<std::string> headers = config_headers(configs.grid_fields());
  headers.emplace_back("status");
  TextTable table(std::move(headers));
  for (std::uint64_t position = first; position < last; ++position) {
    const std::uint64_t index = configs.index(position);
    auto cells = config_cells(index, configs[position], configs.grid_fields());
    cells.push_back({facts.status(index)});
    table.add_row(std::move(cells));
  }
  return table;
}

std::string counts_text(const PlanFacts& facts) {
  std::string text = fmt::format("{}: {}", facts.experiment, config_count(facts.configs.size()));
  const auto repeats = facts.configs.duplicates();
  if (repeats && *repeats > 0) text += fmt::format(", {} of them repeats", *repeats);
  text += fmt::format("\n{} complete, {} to run", facts.completed, unknown_or(facts.pending()));
  if (facts.failed > 0) text += fmt::format(", {} of these have failed", facts.failed);
  if (facts.running > 0) text += fmt::format(", {} of these are running", facts.running);
  text += '\n';
  if (facts.cost) text += cost_text(*facts.cost, facts.job);
  return text + '\n';
}

}  // namespace

std::optional<std::uint64_t> PlanFacts::pending() const {
  const auto repeats = configs.duplicates();
  return repeats ? std::optional(configs.size() - *repeats - completed) : std::nullopt;
}

void write_plan_json(const PlanFacts& facts, std::uint64_t shown, const Sink& sink) {
  const ConfigIter& configs = facts.configs;
  Value::Map head = {{"experiment", facts.experiment},
                     {"total", configs.size()},
                     {"duplicates", count_or_null(counted_repeats(configs))},
                     {"pending", count_or_null(facts.pending())}};
  if (facts.cost) head.emplace_back("remaining", cost_document(*facts.cost, facts.job));
  head.emplace_back("grid_fields", configs.grid_fields());
  head.emplace_back("static_configs", configs.static_configs());
  JsonRows document(head, "configs", sink);
  const std::uint64_t last = std::min(shown, configs.size());
  for (std::uint64_t position = 0; position < last; ++position) {
    if (!document.add(configs[position].to_map())) return;
  }
  document.finish();
}

void write_plan_text(const PlanFacts& facts, std::uint64_t shown, std::size_t width,
                     const Sink& sink) {
  sink(counts_text(facts));
  const TextTable fields = fields_table(facts.configs);
  if (fields.rows() > 0) sink(fields.render(width) + "\n");
  const std::uint64_t last = std::min(shown, facts.configs.size());
  for (std::uint64_t first = 0; first < last; first += block_size) {
    const TextTable table = configs_table(facts, first, std::min(last, first + block_size));
    if (!sink(table.render(width))) return;
  }
  if (last < facts.configs.size()) {
    sink(fmt::format("... and {} more; --all lists them\n", facts.configs.size() - last));
  }
}

std::string config_count(std::uint64_t count) {
  return fmt::format("{} config{}", count, count == 1 ? "" : "s");
}

}  // namespace malet::cli
