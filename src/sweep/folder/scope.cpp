#include "sweep/folder/scope.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/files/paths.hpp"
#include "base/filter/filter.hpp"
#include "base/text/reject.hpp"
#include "base/text/text_parts.hpp"
#include "sweep/folder/row_matcher.hpp"

namespace malet::sweep {

namespace {

constexpr std::string_view blanks = " \t";

/// Where the word ends that a text begins with. Blanks inside quotes and brackets that begin the
/// word do not end it.
std::size_t word_end(std::string_view text) {
  const auto blank_after = [&](std::size_t at) {
    return std::min(text.find_first_of(blanks, at), text.size());
  };
  char quote = 0;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool is_quote = c == '\'' || c == '"';
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (is_quote) {
      quote = c;
    } else if (c == '[' || c == '(' || c == '{') {
      ++depth;
    } else if (c == ']' || c == ')' || c == '}') {
      --depth;
    }
    if (quote == 0 && depth <= 0) return blank_after(i + 1);
  }
  return blank_after(0);  // what was opened is never closed
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> found;
  while (true) {
    const std::size_t begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return found;
    text.remove_prefix(begin);
    const std::size_t end = word_end(text);
    found.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

Scope numbered_split(const ConfigIter& configs, std::uint64_t total, const std::string& current) {
  if (total == 0) reject("--total-splits 0: there must be at least one split");
  const auto number = base::whole_number(current);
  if (total == 1) {
    if (number == 0U) return {configs, std::nullopt};
    reject("--curr-split {}: says nothing without --total-splits", current);
  }
  if (!number || *number >= total) {
    reject("--curr-split {}: pass one of 0 to {}, as --total-splits is {}", current, total - 1,
           total);
  }
  return {configs.split(total, *number), std::to_string(*number)};
}

/// The key texts that the field takes: in the grid, or as a static config.
std::set<std::string> keys_of_field(const ConfigIter& configs, const std::string& field) {
  std::set<std::string> keys;
  const Value grid(configs.grid_dict());
  const Value statics(configs.static_configs());
  if (const Value* values = grid.find(field)) {
    for (const Value& value : values->list()) keys.insert(to_key(value));
  } else if (const Value* value = statics.find(field)) {
    keys.insert(to_key(*value));
  } else {
    reject(
        "--total-splits {}: is neither a number nor a field of the configs; the grid's "
        "fields are: {}",
        field, fmt::join(configs.grid_fields(), ", "));
  }
  return keys;
}

/// Which of a field's key texts a text means: as a cell, in quotes, or one of YAML's words.
std::optional<std::string> key_meant(const std::set<std::string>& known, const std::string& text) {
  std::vector<Value> meanings = {from_cell(text)};
  const bool quoted = text.size() >= 2 && text.front() == text.back() &&
                      (text.front() == '\'' || text.front() == '"');
  if (quoted) meanings.emplace_back(text.substr(1, text.size() - 2));
  if (text == "true" || text == "false") meanings.emplace_back(text == "true");
  if (text == "null") meanings.emplace_back();
  for (const Value& value : meanings) {
    if (std::string key = to_key(value); known.contains(key)) return key;
  }
  return std::nullopt;
}

/// The key texts that a text means, which may be one value with blanks, or several values.
std::set<std::string> keys_meant(const std::set<std::string>& known, const std::string& field,
                                 const std::string& current) {
  if (auto whole = key_meant(known, current)) return {*whole};
  std::set<std::string> wanted;
  for (const std::string& word : words(current)) {
    auto key = key_meant(known, word);
    if (!key) {
      reject("--curr-split '{}': field {} has no value {}; its values are: {}", current, field,
             word, fmt::join(known, " "));
    }
    wanted.insert(std::move(*key));
  }
  return wanted;
}

Scope field_split(const ConfigIter& configs, const std::string& field, const std::string& current) {
  const auto wanted = keys_meant(keys_of_field(configs, field), field, current);
  if (wanted.empty()) reject("--curr-split: pass values of field {}", field);
  Scope scope{configs, current};
  scope.configs.filter_iter([&](std::uint64_t, const Config& config) {
    const Value* value = config.find(field);
    return value != nullptr && wanted.contains(to_key(*value));
  });
  return scope;
}

void refuse_if_huge(const ConfigIter& configs) {
  constexpr std::uint64_t most = 1'000'000'000;
  if (configs.size() <= most) return;
  reject(
      "a job of {} configs is too large, {} is the most: make the grid smaller, or run it "
      "in splits with --total-splits",
      configs.size(), most);
}

void apply_filter(ConfigIter& configs, const std::string& expression) {
  const base::Filter filter(expression);
  const Value absent;
  const auto& axes = configs.grid_fields();
  const Value statics(configs.static_configs());
  for (const std::string& field : filter.fields()) {
    if (std::find(axes.begin(), axes.end(), field) != axes.end() || statics.find(field)) continue;
    reject("--filter: there is no field '{}'; the grid's are: {}", field, fmt::join(axes, ", "));
  }
  configs.filter_iter([&](std::uint64_t, const Config& config) {
    return filter.matches([&](std::string_view field) -> const Value* {
      if (const Value* value = config.find(field)) return value;
      // A field that only other sub-grids have is empty here, not unknown.
      return std::find(axes.begin(), axes.end(), field) != axes.end() ? &absent : nullptr;
    });
  });
}

Scope queue_scope(const ConfigIter& configs, const ExperimentOptions& options) {
  if (options.splits.total != "1" || options.splits.current != "0") {
    reject("--queue shares out all configs by itself: leave --total-splits and --curr-split out");
  }
  if (options.pace.schedule == Schedule::fixed) {
    reject("--queue hands configs out as slots become free: leave --schedule static out");
  }
  refuse_if_huge(configs);
  Scope scope{configs, "job" + options.splits.queue_job};
  if (!options.splits.filter.empty()) apply_filter(scope.configs, options.splits.filter);
  return scope;
}

/// What the logs of a folder tell of the number of its splits.
struct HeldSplits {
  std::optional<std::size_t> by_field;  ///< a log whose split has no number
  std::optional<std::size_t> highest;   ///< the log of the split with the highest one
  std::uint64_t most = 0;               ///< that number
  /// The number of splits divides this number, by the rows of all logs; 0: any number fits.
  std::uint64_t divided = 0;
};

void take_rows(HeldSplits& held, const std::vector<std::uint64_t>& indices, std::uint64_t split) {
  for (const std::uint64_t index : indices) {
    if (index == no_index) continue;
    held.divided = std::gcd(held.divided, index > split ? index - split : split - index);
  }
}

HeldSplits splits_of(const Folder& folder) {
  HeldSplits held;
  for (std::size_t log = 0; log < folder.log_paths.size(); ++log) {
    const auto name = base::paths::split_name(folder.log_paths[log]);
    if (!name || base::paths::job_of(folder.log_paths[log])) continue;
    const auto split = base::whole_number(*name);
    if (!split) {
      held.by_field = log;
      continue;
    }
    if (!held.highest || *split > held.most) {
      held.highest = log;
      held.most = *split;
    }
    take_rows(held, folder.row_indices[log], *split);
  }
  return held;
}

[[noreturn]] void refuse(const std::filesystem::path& log, const std::string& others,
                         std::uint64_t wanted) {
  reject(
      "{} is of {}, not of {}: pass --total-splits N and --curr-split I, or "
      "first make {} of all logs by `malet-mpi resplit`",
      log.string(), others, wanted, wanted);
}

}  // namespace

Scope make_scope(const ConfigIter& configs, const ExperimentOptions& options) {
  if (options.splits.queue) return queue_scope(configs, options);
  const auto total = base::whole_number(options.splits.total);
  if (!total) refuse_if_huge(configs);  // every config is looked at
  Scope scope = total ? numbered_split(configs, *total, options.splits.current)
                      : field_split(configs, options.splits.total, options.splits.current);
  refuse_if_huge(scope.configs);
  if (!options.splits.filter.empty()) apply_filter(scope.configs, options.splits.filter);
  return scope;
}

void refuse_other_splits(const Folder& folder, const ExperimentOptions& options) {
  const auto wanted = base::whole_number(options.splits.total);
  const bool splits_by_slot = wanted == 1U && options.pace.schedule == Schedule::fixed;
  if (!options.splits.same || !wanted || splits_by_slot) return;
  const HeldSplits held = splits_of(folder);
  if (held.by_field) refuse(folder.log_paths[*held.by_field], "a split by a field", *wanted);
  if (!held.highest) return;
  const auto& log = folder.log_paths[*held.highest];
  const bool rows_fit_some_number = held.divided > held.most;
  if (rows_fit_some_number && (held.divided % *wanted != 0 || *wanted == 1)) {
    refuse(log, fmt::format("{} splits", held.divided), *wanted);
  }
  if (held.most >= *wanted || *wanted == 1) {
    refuse(log, fmt::format("at least {} splits", held.most + 1), *wanted);
  }
}

}  // namespace malet::sweep
