#include "wandb/fields.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <unordered_map>
#include <unordered_set>

#include "base/text/reject.hpp"
#include "base/text/text_parts.hpp"
#include "malet/error.hpp"
#include "record/table/table.hpp"
#include "wandb/run.hpp"

namespace malet::wandb {

namespace {

using Names = std::unordered_set<std::string>;

bool is_reserved(const std::string& name) {
  return name == "id" || record::is_info_column(name);
}

std::string config_column(const std::string& name) {
  return is_reserved(name) ? "config." + name : name;
}

/// One config field over all runs.
struct Seen {
  std::string name;
  const Value* first = nullptr;
  std::size_t runs = 0;
  bool varies = false;
};

/// Whether two values are equal; W&B sometimes writes 1.0 as 1.
bool is_same(const Value& a, const Value& b) {
  return a == b || to_key(a) == to_key(b);
}

/// All config fields: swept ones first, then as first seen.
std::vector<Seen> look_at(const std::vector<Run>& runs, const std::vector<std::string>& swept) {
  std::vector<Seen> fields;
  std::unordered_map<std::string, std::size_t> positions;
  const auto field = [&](const std::string& name) -> Seen& {
    const auto [position, is_new] = positions.try_emplace(name, fields.size());
    if (is_new) fields.push_back({name});
    return fields[position->second];
  };
  for (const std::string& name : swept) field(name).varies = true;
  for (const Run& run : runs) {
    for (const auto& [name, value] : run.config) {
      Seen& seen = field(name);
      if (seen.first == nullptr) seen.first = &value;
      ++seen.runs;
      seen.varies = seen.varies || !is_same(*seen.first, value);
    }
  }
  return fields;
}

/// The wanted metrics of the runs, as first seen.
std::vector<std::string> metric_names(const std::vector<Run>& runs,
                                      const std::vector<std::string>& picked) {
  std::vector<std::string> names;
  Names seen;
  for (const Run& run : runs) {
    for (const auto* metrics : {&run.series, &run.summary}) {
      for (const auto& [name, value] : *metrics) {
        if (!is_wanted(name, picked) || seen.contains(name) || !metric_of(value)) continue;
        seen.insert(name);
        names.push_back(name);
      }
    }
  }
  return names;
}

[[noreturn]] void fail_unknown(const std::string& name, const std::vector<Run>& runs) {
  constexpr std::size_t most_named = 10;
  std::vector<std::string> names = metric_names(runs, {});
  const bool more = names.size() > most_named;
  if (more) names.resize(most_named);
  reject("the metric {} is in none of the {} runs: they have {}{}", base::quoted_name(name),
         runs.size(), names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", ")),
         more ? ", .." : "");
}

}  // namespace

ConfigFields config_fields(const std::vector<Run>& runs, const std::vector<std::string>& swept) {
  ConfigFields fields;
  for (const Seen& seen : look_at(runs, swept)) {
    if (seen.varies || seen.runs < runs.size()) {
      fields.grid.push_back({seen.name, config_column(seen.name)});
    } else {
      fields.static_configs.emplace_back(config_column(seen.name), *seen.first);
    }
  }
  return fields;
}

std::vector<Field> metric_fields(const std::vector<Run>& runs,
                                 const std::vector<std::string>& picked,
                                 const ConfigFields& configs) {
  Names taken;
  for (const Field& field : configs.grid) taken.insert(field.column);
  for (const auto& [name, value] : configs.static_configs) taken.insert(name);
  std::vector<std::string> names = metric_names(runs, picked);
  if (!picked.empty() && !runs.empty()) {
    for (const std::string& name : picked) {
      if (std::find(names.begin(), names.end(), name) == names.end()) fail_unknown(name, runs);
    }
    names = picked;
  }
  std::vector<Field> fields;
  for (const std::string& name : names) {
    const bool clashes = is_reserved(name) || taken.contains(name);
    fields.push_back({name, clashes ? "summary." + name : name});
  }
  return fields;
}

}  // namespace malet::wandb
