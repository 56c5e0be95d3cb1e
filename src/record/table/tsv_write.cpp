#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/files/files.hpp"
#include "record/table/tsv.hpp"

namespace malet::record {

namespace {

/// Appends as many blanks as the name has code points: pandas pads each line of names where the
/// other one has a name.
void append_blanks(std::string& out, std::string_view name) {
  const auto starts = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; };
  out.append(static_cast<std::size_t>(std::count_if(name.begin(), name.end(), starts)), ' ');
}

/// Writes rows to anything that takes pieces of text.
template <typename Write>
class RowWriter {
 public:
  RowWriter(const Table& table, Write write)
      : table_(table), padding_(table.columns(), '\t'), write_(std::move(write)) {
    padding_ += '\n';
  }

  void write(std::size_t row) {
    std::array<char, 24> id;
    char* end = std::to_chars(id.data(), id.data() + id.size(), next_id_++).ptr;
    const std::size_t cells = table_.cells(row);
    if (cells > 0) *end++ = '\t';
    write_(std::string_view(id.data(), static_cast<std::size_t>(end - id.data())));
    write_(table_.line(row));
    // A tab for each cell that the line lacks, and the line break.
    write_(std::string_view(padding_).substr(cells));
  }

 private:
  const Table& table_;
  std::string padding_;
  Write write_;
  std::size_t next_id_ = 0;
};

template <typename Write>
void write_log(std::string_view header, const Table& table, std::optional<RowOrder> order,
               Write write) {
  write(fmt::format("{}\n{}{}\n{}", tsv_title, header, tsv_rule,
                    name_lines(table.grid_fields(), table.metric_fields())));
  RowWriter<Write> rows(table, write);
  if (order) {
    for (const std::uint32_t row : *order) rows.write(row);
  } else {
    for (std::size_t row = 0; row < table.rows(); ++row) rows.write(row);
  }
}

}  // namespace

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

std::string log_text(std::string_view header, const Table& table, std::optional<RowOrder> order) {
  std::string text;
  write_log(header, table, order, [&](std::string_view piece) { text += piece; });
  return text;
}

FileMark write_tsv(const std::filesystem::path& path, std::string_view header, const Table& table,
                   std::optional<RowOrder> order, const std::function<void()>& last_check) {
  base::AtomicFile file(path);
  write_log(header, table, order, [&](std::string_view piece) { file.write(piece); });
  file.commit(last_check);
  return {file.size(), file.checksum()};
}

}  // namespace malet::record
