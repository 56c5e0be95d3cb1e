#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "malet/value.hpp"
#include "record/table/file_mark.hpp"
#include "record/table/table.hpp"

/// log.tsv as text: the grammar is in docs/log_format.md.
namespace malet::record {

/// What a log file holds.
struct LogText {
  std::string header;  ///< the static configs, as the YAML text in the file
  Value::Map static_configs;
  Table table;
};

/// The first line of a log, and the one between static configs and the columns' names.
inline constexpr std::string_view tsv_title = "[Static Configs]";
inline constexpr std::string_view tsv_rule = "---------------------------------------------";

/// Throws Error(bad_input) when a name cannot stand in the head of a log, or stands twice. `where`
/// begins the sentence, as in "log.tsv:5".
void check_names(const std::vector<std::string>& grid_fields,
                 const std::vector<std::string>& metric_fields, std::string_view where);

/// The two lines of names, each with its line break.
[[nodiscard]] std::string name_lines(const std::vector<std::string>& grid_fields,
                                     const std::vector<std::string>& metric_fields);

/// The columns of a log.
struct ColumnNames {
  std::vector<std::string> grid_fields;
  std::vector<std::string> metric_fields;
};
/// Reads two lines of names (without line breaks). Throws Error(bad_input); `first_line` is the
/// number of `metrics` in file `name`.
[[nodiscard]] ColumnNames parse_name_lines(std::string_view metrics, std::string_view grid,
                                           std::string_view name, std::size_t first_line);

/// Reads the text of a log. `name` stands for the file in messages.
/// Throws Error(bad_input) "name:line: what and what to do" for anything that is no whole log.
[[nodiscard]] LogText parse_log(std::string text, std::string_view name);

/// The rows of a table, by their numbers, in the order in which they are to be written.
using RowOrder = std::span<const std::uint32_t>;

/// The text of a log, rows numbered from 0; all of them in their order, or those of `order`.
[[nodiscard]] std::string log_text(std::string_view header, const Table& table,
                                   std::optional<RowOrder> order = {});

/// Replaces a file by a log's text, as base::AtomicFile does: the old file or the new one.
/// Gives the mark of what it wrote. Throws Error(internal) with the system's reason.
/// \param last_check called right before the file is replaced; when it throws it is not.
FileMark write_tsv(const std::filesystem::path& path, std::string_view header, const Table& table,
                   std::optional<RowOrder> order = {},
                   const std::function<void()>& last_check = {});
}  // namespace malet::record
