#include "record/h5/h5_export.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/files/files.hpp"
#include "record/h5/h5.hpp"
#include "record/table/number_series.hpp"
#include "record/table/table.hpp"

namespace malet::record {

namespace {

using h5::Storage;

/// The series of a column, those of all rows one behind the other.
struct SeriesColumn {
  NumberSeries values;
  std::vector<std::int64_t> offsets = {0};
  bool has_any = false;
};

double real_of(const Value& value) {
  return value.is_number() ? value.number() : std::numeric_limits<double>::quiet_NaN();
}

/// Columns whose values are texts, also where no row has one.
bool is_text_column(std::string_view name) {
  return is_info_column(name) && name != "duration";
}

void write_column(h5::Writer& file, const std::string& path, const std::string& name,
                  const std::vector<Value>& values) {
  const auto all = [&](auto is) { return std::all_of(values.begin(), values.end(), is); };
  const bool is_empty_text =
      is_text_column(name) && all([](const Value& value) { return value.is_null(); });
  if (is_empty_text) {
    file.texts(path, std::vector<std::string>(values.size()), Storage::packed);
  } else if (all([](const Value& value) { return value.is_integer(); })) {
    std::vector<std::int64_t> integers;
    for (const Value& value : values) integers.push_back(value.integer());
    file.numbers(path, integers, Storage::packed);
  } else if (all([](const Value& value) { return value.is_number() || value.is_null(); })) {
    std::vector<double> reals;
    for (const Value& value : values) reals.push_back(real_of(value));
    file.numbers(path, reals, Storage::packed);
  } else {
    std::vector<std::string> texts;
    for (const Value& value : values) texts.push_back(to_cell(value));
    file.texts(path, texts, Storage::packed);
  }
  file.attribute(path, "name", Value(name));
}

/// Takes the values of a column; series of numbers go to `series`, and leave their last elements.
std::vector<Value> take_column(const ExportRows& rows, const std::string& field,
                               SeriesColumn& series) {
  const ExportRows::Column column = rows.column(field);
  std::vector<Value> values;
  values.reserve(rows.size);
  for (std::size_t row = 0; row < rows.size; ++row) {
    Value value = column(row);
    if (const auto numbers = NumberSeries::from_value(value)) {
      series.values.append(value);
      series.has_any = true;
      value = numbers->back();
    }
    series.offsets.push_back(static_cast<std::int64_t>(series.values.size()));
    values.push_back(std::move(value));
  }
  return values;
}

void write_series(h5::Writer& file, const std::string& name, const SeriesColumn& series) {
  const std::string group = "series/" + h5::link_name(name);
  file.group(group);
  file.attribute(group, "name", Value(name));
  file.numbers(group + "/offsets", series.offsets, Storage::packed);
  const auto stretches = series.values.stretches();
  const bool is_integer = stretches.size() == 1 && stretches[0].kind == NumberKind::integer;
  std::vector<std::int64_t> integers;
  std::vector<double> reals;
  for (const auto& stretch : stretches) {
    for (const std::uint64_t word : stretch.words) {
      const Value number = number_of(stretch.kind, word);
      if (is_integer) {
        integers.push_back(number.integer());
      } else {
        reals.push_back(number.number());
      }
    }
  }
  if (is_integer) return file.numbers(group + "/values", integers, Storage::packed);
  file.numbers(group + "/values", reals, Storage::packed);
}

void write_columns(h5::Writer& file, const ExportRows& rows) {
  for (const char* group : {"configs", "metrics", "info", "series"}) file.group(group);
  for (const std::string& field : rows.grid_fields) {
    const ExportRows::Column column = rows.column(field);
    std::vector<Value> values;
    for (std::size_t row = 0; row < rows.size; ++row) values.push_back(column(row));
    write_column(file, "configs/" + h5::link_name(field), field, values);
  }
  for (const std::string& field : rows.metric_fields) {
    SeriesColumn series;
    const std::vector<Value> values = take_column(rows, field, series);
    const char* group = is_info_column(field) ? "info/" : "metrics/";
    write_column(file, group + h5::link_name(field), field, values);
    if (series.has_any) write_series(file, field, series);
  }
}

}  // namespace

void export_h5(const ExportRows& rows, const std::filesystem::path& path) {
  base::AtomicPath beside(path);
  h5::Writer file(beside.temporary());
  for (const auto& [name, value] : rows.static_configs) file.attribute("/", name, value);
  write_columns(file, rows);
  file.close();
  beside.commit();
}

}  // namespace malet::record
