#include "record/table/header.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "base/text/reject.hpp"
#include "base/text/text_parts.hpp"
#include "malet/error.hpp"

// pandas writes the names of index and metric columns on two lines and pads each with blanks where
// the other one has a name: as many as the name has code points.
namespace malet::record {

namespace {

bool is_blank(std::string_view cell) {
  return cell.find_first_not_of(' ') == std::string_view::npos;
}

void append_blanks(std::string& out, std::string_view name) {
  const auto starts = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; };
  out.append(static_cast<std::size_t>(std::count_if(name.begin(), name.end(), starts)), ' ');
}

std::vector<std::string_view> split_tabs(std::string_view line) {
  std::vector<std::string_view> cells;
  while (true) {
    const std::size_t tab = line.find('\t');
    cells.push_back(line.substr(0, tab));
    if (tab == std::string_view::npos) return cells;
    line.remove_prefix(tab + 1);
  }
}

[[noreturn]] void fail(std::string_view name, std::size_t line, std::string_view what) {
  reject("{}:{}: {}", name, line, what);
}

}  // namespace

void check_names(const std::vector<std::string>& grid_fields,
                 const std::vector<std::string>& metric_fields, std::string_view where) {
  std::unordered_set<std::string_view> seen;
  for (const auto* fields : {&grid_fields, &metric_fields}) {
    for (const std::string& name : *fields) {
      const std::string_view flaw =
          seen.insert(name).second ? base::name_flaw(name) : "stands twice";
      if (flaw.empty()) continue;
      reject("{}: the column name {} {}: rename it", where, base::quoted_name(name), flaw);
    }
  }
}

std::string name_lines(const std::vector<std::string>& grid_fields,
                       const std::vector<std::string>& metric_fields) {
  std::string metrics = "  ";
  std::string grid = "id";
  for (const std::string& name : grid_fields) {
    append_blanks(metrics += '\t', name);
    grid.append("\t").append(name);
  }
  for (const std::string& name : metric_fields) {
    metrics.append("\t").append(name);
    append_blanks(grid += '\t', name);
  }
  return metrics + '\n' + grid + '\n';
}

Names parse_name_lines(std::string_view metrics, std::string_view grid, std::string_view name,
                       std::size_t first_line) {
  const auto above = split_tabs(metrics);
  const auto below = split_tabs(grid);
  if (!is_blank(above.front())) {
    fail(name, first_line, "the line of metric names has to begin with blanks and a tab");
  }
  if (below.front() != "id") {
    fail(name, first_line + 1, "the line of grid field names has to begin with 'id'");
  }
  if (above.size() != below.size()) {
    fail(name, first_line + 1,
         fmt::format("there are {} columns here and {} in the line above; they have to be as many",
                     below.size(), above.size()));
  }
  Names names;
  for (std::size_t i = 1; i < above.size(); ++i) {
    const bool metric = is_blank(below[i]);
    if (metric == is_blank(above[i])) {
      fail(name, first_line + 1,
           fmt::format("column {} needs a name either here or in the line above", i));
    }
    if (!metric && !names.metric_fields.empty()) {
      fail(name, first_line + 1,
           fmt::format("grid field '{}' stands behind a metric; grid fields come first", below[i]));
    }
    (metric ? names.metric_fields : names.grid_fields).emplace_back(metric ? above[i] : below[i]);
  }
  check_names(names.grid_fields, names.metric_fields, fmt::format("{}:{}", name, first_line + 1));
  return names;
}

}  // namespace malet::record
