#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "malet/experiment_log.hpp"
#include "malet/value.hpp"
#include "record/journal/journal_record.hpp"
#include "record/table/table.hpp"

/// log.tsv as text: the grammar is in docs/log_format.md.
namespace malet::record {

/// What a log file holds.
struct LogText {
  std::string header;  ///< the static configs, as the YAML text in the file
  Value::Map static_configs;
  Table table;
};

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
/// The same for a log, into its logs_file() unless another path is given.
void write_tsv(const ExperimentLog& log, std::optional<RowOrder> order = {},
               const std::optional<std::filesystem::path>& path = {});

}  // namespace malet::record
