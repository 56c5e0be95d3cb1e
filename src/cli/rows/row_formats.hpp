#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/rows/row_set.hpp"
#include "malet/value.hpp"

namespace malet::cli {

/// Takes text piece by piece; tells whether more is wanted, so that writers end early once nobody
/// reads any more.
using Sink = std::function<bool(std::string_view)>;

/// Cells as a line: those that hold the delimiter, a quote or a line break are quoted.
[[nodiscard]] std::string delimited_line(const std::vector<std::string>& cells, char delimiter);

/// A row as names and typed values.
[[nodiscard]] Value::Map row_object(RowSet::Reader& reader, std::size_t position,
                                    const std::vector<std::string>& fields);

/// The fields' names, then the rows' cells as they stand in the log: `delimiter` is a tab or a
/// comma, and cells that hold it, a quote or a line break are quoted.
void write_delimited(const RowSet& rows, const std::vector<std::string>& fields, char delimiter,
                     const Sink& sink);

/// The document {static_configs, grid_fields, metric_fields, rows}, rows as objects with typed
/// values, and the names of those of its fields that are shown. `more` fields come before the rows.
void write_rows_json(const RowSet& rows, const std::vector<std::string>& fields, const Sink& sink,
                     const Value::Map& more = {});

/// A table for people in lines of at most `width` columns, the rows' numbers first.
void write_rows_table(const RowSet& rows, const std::vector<std::string>& fields, std::size_t width,
                      const Sink& sink);

/// The fields that a table shows when none were asked for: grid fields, metrics (those that rows
/// are sorted by first), and status unless all rows are complete; no other info columns.
[[nodiscard]] std::vector<std::string> table_fields(const RowSet& rows,
                                                    const std::vector<SortKey>& keys);

/// Writes a JSON object whose last field is a long list, one item per line, without ever holding
/// all of it.
class JsonRows {
 public:
  /// \param head the fields before the list.
  JsonRows(const Value::Map& head, std::string_view list_name, Sink sink);
  /// Tells whether more is wanted.
  bool add(const Value& item);
  void finish();

 private:
  Sink sink_;
  bool empty_ = true;
};

}  // namespace malet::cli
