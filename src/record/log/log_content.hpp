#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "malet/experiment_log.hpp"
#include "record/log/series_views.hpp"
#include "record/table/key_index.hpp"
#include "record/table/table.hpp"

namespace malet {

/// What an ExperimentLog holds. The index and the static key texts are made when they are first
/// asked for, also by const functions: a log must not be used by several threads at once.
struct ExperimentLog::Content {
  Value::Map static_configs;
  std::string header = "{}\n";  // static_configs as YAML
  record::Table table;
  std::filesystem::path logs_file;
  bool parse_str = true;
  bool use_filelock = false;
  mutable std::weak_ptr<base::WriterLock> lock;       // of a guard that is still there
  std::shared_ptr<const record::SeriesByRun> series;  // kept apart from the cells, if any

  mutable std::optional<record::KeyIndex> index;
  using Keys = std::vector<std::pair<std::string, std::string>>;
  mutable std::optional<Keys> static_keys;  // names and key texts
  mutable std::optional<record::SeriesByRow> series_by_row;

  /// The index, made now if need be.
  [[nodiscard]] record::KeyIndex& rows() const;
  /// The series by row, if there are any.
  [[nodiscard]] record::SeriesByRow* series_of_rows() const;
  /// The key texts of the config's grid fields; one that it lacks counts as null.
  [[nodiscard]] std::vector<std::string> grid_keys(const Config& config) const;
  /// Whether no static field has another value in the config.
  [[nodiscard]] bool static_fields_match(const Config& config) const;
  /// Puts another table in place of this one.
  void set_table(record::Table changed) {
    index.reset();
    table = std::move(changed);
  }
  /// "log.tsv: " for messages; empty where there is no file.
  [[nodiscard]] std::string where() const;
  /// What to call it in messages: its file, or "the log".
  [[nodiscard]] std::string title() const;
};

}  // namespace malet
