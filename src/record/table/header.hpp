#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// The head of log.tsv: static configs, a rule, two lines with the columns' names.
namespace malet::record {

inline constexpr std::string_view title = "[Static Configs]";
inline constexpr std::string_view rule = "---------------------------------------------";

/// Throws Error(bad_input) when a name cannot stand in the head of a log, or stands twice. `where`
/// begins the sentence, as in "log.tsv:5".
void check_names(const std::vector<std::string>& grid_fields,
                 const std::vector<std::string>& metric_fields, std::string_view where);

/// The two lines of names, each with its line break.
[[nodiscard]] std::string name_lines(const std::vector<std::string>& grid_fields,
                                     const std::vector<std::string>& metric_fields);

/// The columns that two lines of names (without line breaks) stand for. Throws Error(bad_input);
/// `first_line` is the number of `metrics` in file `name`.
struct Names {
  std::vector<std::string> grid_fields;
  std::vector<std::string> metric_fields;
};
[[nodiscard]] Names parse_name_lines(std::string_view metrics, std::string_view grid,
                                     std::string_view name, std::size_t first_line);

}  // namespace malet::record
