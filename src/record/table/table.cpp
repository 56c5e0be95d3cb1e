#include "record/table/table.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "base/text/reject.hpp"

// Loaded rows point into the file's text; new lines go to blocks of memory that are filled from the
// front. A replaced line stays behind as garbage until there is more of it than of anything else,
// when everything is copied into one new block: constant cost per line, at most twice the memory.
namespace malet::record {

namespace {

constexpr std::size_t block_size = std::size_t{1} << 20U;
constexpr std::size_t max_line = std::numeric_limits<std::uint32_t>::max();

}  // namespace

Table::Table(std::vector<std::string> grid_fields, std::vector<std::string> metric_fields)
    : grid_fields_(std::move(grid_fields)), metric_fields_(std::move(metric_fields)) {
  number_columns();
}

// A copy shares the lines, and leaves the unused end of the last block to the original.
Table::Table(const Table& other)
    : grid_fields_(other.grid_fields_),
      metric_fields_(other.metric_fields_),
      columns_(other.columns_),
      rows_(other.rows_),
      blocks_(other.blocks_),
      live_(other.live_),
      garbage_(other.garbage_) {}

Table& Table::operator=(const Table& other) {
  if (this != &other) *this = Table(other);
  return *this;
}

void Table::number_columns() {
  columns_.clear();
  for (const std::string& name : grid_fields_) columns_.emplace(name, columns_.size());
  for (const std::string& name : metric_fields_) columns_.emplace(name, columns_.size());
}

std::optional<std::size_t> Table::column(std::string_view field) const {
  const auto found = columns_.find(field);
  return found == columns_.end() ? std::nullopt : std::optional(found->second);
}

std::size_t Table::add_metric_field(std::string name) {
  const std::size_t column = columns();
  columns_.emplace(name, column);
  metric_fields_.push_back(std::move(name));
  return column;
}

void Table::rename(std::vector<std::string> grid_fields, std::vector<std::string> metric_fields) {
  grid_fields_ = std::move(grid_fields);
  metric_fields_ = std::move(metric_fields);
  number_columns();
}

void Table::split(std::size_t row, std::vector<std::string_view>& cells,
                  std::string& scratch) const {
  cells.clear();
  scratch.clear();
  const std::string_view text = line(row);
  // Unquoted cells are shorter than the line: with this room the views into scratch stay valid.
  if (text.find('"') != std::string_view::npos) scratch.reserve(text.size());
  CellWalk walk(text);
  for (std::string_view cell; cells.size() < this->cells(row) && walk.next(cell);) {
    if (is_quoted(cell)) {
      const std::size_t start = scratch.size();
      append_unquoted(scratch, cell);
      cell = std::string_view(scratch).substr(start);
    }
    cells.push_back(cell);
  }
  cells.resize(columns());
}

std::string Table::cell(std::size_t row, std::size_t column) const {
  if (column >= cells(row)) return {};
  std::string scratch;
  return std::string(unescaped(cell_at(line(row), column).value_or(""), scratch));
}

std::size_t Table::append(std::string_view line) {
  const Row row = store(line);
  live_ += row.size;
  rows_.push_back(row);
  return rows_.size() - 1;
}

void Table::replace(std::size_t row, std::string_view line) {
  const Row stored = store(line);
  live_ += stored.size;
  live_ -= rows_[row].size;
  garbage_ += rows_[row].size;
  rows_[row] = stored;
  if (garbage_ > std::max(live_, block_size)) compact();
}

void Table::replace_cell(std::size_t row, std::size_t column, std::string_view cell) {
  LineBuilder builder;
  CellWalk walk(line(row));
  std::string_view old;
  for (std::size_t i = 0; i < cells(row) && walk.next(old); ++i) {
    if (i == column) {
      builder.add_cell(cell);
    } else {
      builder.add_escaped(old);
    }
  }
  replace(row, builder.line());
}

void Table::share(const Table& other) {
  keep(other);
  rows_.insert(rows_.end(), other.rows_.begin(), other.rows_.end());
  live_ += other.live_;
}

void Table::keep_rows(const std::vector<std::uint32_t>& rows) {
  std::vector<Row> kept;
  kept.reserve(rows.size());
  const std::size_t before = live_;
  live_ = 0;
  for (const std::uint32_t row : rows) {
    kept.push_back(rows_[row]);
    live_ += rows_[row].size;
  }
  rows_ = std::move(kept);
  garbage_ += before - std::min(before, live_);
}

void Table::keep(std::shared_ptr<const std::string> text) {
  blocks_.push_back(std::move(text));
}

void Table::keep(const Table& other) {
  blocks_.insert(blocks_.end(), other.blocks_.begin(), other.blocks_.end());
}

void Table::adopt(std::string_view line, std::size_t cells) {
  live_ += line.size();
  rows_.push_back(
      {line.data(), static_cast<std::uint32_t>(line.size()), static_cast<std::uint32_t>(cells)});
}

Table::Row Table::store(std::string_view line) {
  if (line.size() > max_line) {
    reject("a row of {} bytes is too long for a log: at most {} bytes fit", line.size(), max_line);
  }
  const std::size_t cells = columns() == 0 ? 0 : std::min(count_cells(line), columns());
  char* data = room_for(line.size());
  if (!line.empty()) std::memcpy(data, line.data(), line.size());
  return {data, static_cast<std::uint32_t>(line.size()), static_cast<std::uint32_t>(cells)};
}

char* Table::room_for(std::size_t size) {
  if (size > free_size_) {
    const std::size_t wanted = std::max(size, block_size);
    const std::shared_ptr<char[]> block(std::make_unique_for_overwrite<char[]>(wanted));
    free_ = block.get();
    free_size_ = wanted;
    blocks_.push_back(block);
  }
  char* room = free_;
  free_ += size;
  free_size_ -= size;
  return room;
}

void Table::compact() {
  const auto before = static_cast<std::ptrdiff_t>(blocks_.size());
  free_size_ = 0;
  char* data = room_for(live_);
  for (Row& row : rows_) {
    std::memcpy(data, row.data, row.size);
    row.data = data;
    data += row.size;
  }
  blocks_.erase(blocks_.begin(), blocks_.begin() + before);
  garbage_ = 0;
}

}  // namespace malet::record
