#include "cli/rows/row_file.hpp"

#include <fmt/format.h>

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/files/files.hpp"
#include "base/text/reject.hpp"
#include "cli/rows/row_formats.hpp"
#include "malet/error.hpp"
#include "record/h5/h5_export.hpp"

namespace malet::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::pair<std::string_view, RowFormat>, 5> endings = {{
    {".csv", RowFormat::csv},
    {".tsv", RowFormat::tsv},
    {".json", RowFormat::json},
    {".jsonl", RowFormat::jsonl},
    {".h5", RowFormat::hdf5},
}};

std::vector<std::string> all_fields(const RowSet& rows) {
  std::vector<std::string> fields = rows.grid_fields();
  fields.insert(fields.end(), rows.metric_fields().begin(), rows.metric_fields().end());
  return fields;
}

void write_rows_lines(const RowSet& rows, const std::vector<std::string>& fields,
                      const Sink& sink) {
  RowSet::Reader reader(rows, fields);
  for (std::size_t position = 0; position < rows.size(); ++position) {
    sink(to_json(row_object(reader, position, fields)) + "\n");
  }
}

std::vector<std::string> melted_fields(const MeltedLog& melted) {
  std::vector<std::string> fields = melted.index_fields();
  fields.emplace_back("metric_value");
  return fields;
}

void write_melted_delimited(const MeltedLog& melted, char delimiter, const Sink& sink) {
  sink(delimited_line(melted_fields(melted), delimiter));
  for (std::size_t i = 0; i < melted.size(); ++i) {
    std::vector<std::string> cells = melted.config_texts(i);
    const MeltedLog::Row& row = melted[i];
    cells.push_back(melted.metric(i));
    cells.push_back(fmt::format("{}", row.step));
    cells.push_back(fmt::format("{}", row.total_steps));
    cells.push_back(to_cell(row.metric_value));
    sink(delimited_line(cells, delimiter));
  }
}

Value::Map melted_object(const MeltedLog& melted, std::size_t position) {
  Value::Map object = melted.configs(position);
  const MeltedLog::Row& row = melted[position];
  object.emplace_back("metric", melted.metric(position));
  object.emplace_back("step", row.step);
  object.emplace_back("total_steps", row.total_steps);
  object.emplace_back("metric_value", row.metric_value);
  return object;
}

void write_melted_json(const MeltedLog& melted, const Sink& sink) {
  JsonRows document({{"index", Value(melted.index_fields())}}, "rows", sink);
  for (std::size_t i = 0; i < melted.size(); ++i) document.add(melted_object(melted, i));
  document.finish();
}

void write_melted_lines(const MeltedLog& melted, const Sink& sink) {
  for (std::size_t i = 0; i < melted.size(); ++i) {
    sink(to_json(melted_object(melted, i)) + "\n");
  }
}

/// The rows column by column; series are read when their row is asked for.
record::ExportRows export_rows(const RowSet& rows) {
  const auto column = [&rows](const std::string& field) {
    const auto reader = std::make_shared<RowSet::Reader>(rows, std::vector<std::string>{field});
    return [reader](std::size_t position) {
      (void)reader->texts(position);
      return reader->whole(0);
    };
  };
  return {rows.static_configs(), rows.grid_fields(), rows.metric_fields(), rows.size(), column};
}

/// Has a file written and put in its place.
template <typename Write>
void write_file(const fs::path& path, Write write) {
  base::AtomicFile file(path);
  write([&file](std::string_view text) {
    file.write(text);
    return true;
  });
  file.commit();
}

}  // namespace

RowFormat format_of(const fs::path& file) {
  std::string known;
  for (const auto& [ending, format] : endings) {
    if (file.extension() == ending) return format;
    known.append(known.empty() ? "" : ", ").append(ending);
  }
  reject("{}: unknown extension: name the file by one of {}", file.string(), known);
}

void write_rows(const RowSet& rows, RowFormat format, const fs::path& file) {
  if (format == RowFormat::hdf5) return record::export_h5(export_rows(rows), file);
  const std::vector<std::string> fields = all_fields(rows);
  write_file(file, [&](const Sink& sink) {
    switch (format) {
      case RowFormat::csv:
        return write_delimited(rows, fields, ',', sink);
      case RowFormat::tsv:
        return write_delimited(rows, fields, '\t', sink);
      case RowFormat::json:
        return write_rows_json(rows, fields, sink);
      case RowFormat::jsonl:
        return write_rows_lines(rows, fields, sink);
      case RowFormat::hdf5:
        break;
    }
  });
}

void write_melted(const MeltedLog& melted, RowFormat format, const fs::path& file) {
  if (format == RowFormat::hdf5) {
    reject("{}: a file with that ending has whole series: leave --melted out", file.string());
  }
  write_file(file, [&](const Sink& sink) {
    switch (format) {
      case RowFormat::csv:
        return write_melted_delimited(melted, ',', sink);
      case RowFormat::tsv:
        return write_melted_delimited(melted, '\t', sink);
      case RowFormat::json:
        return write_melted_json(melted, sink);
      case RowFormat::jsonl:
        return write_melted_lines(melted, sink);
      case RowFormat::hdf5:
        break;
    }
  });
}

}  // namespace malet::cli
