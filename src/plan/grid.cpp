#include "plan/grid.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/text/reject.hpp"
#include "plan/overlap.hpp"

namespace malet {

namespace {

/// Memory for one item per grid field, without allocating for a usual number of fields.
template <typename Item>
class PerField {
 public:
  explicit PerField(std::size_t fields) : size_(fields), many_(fields > usual ? fields : 0) {}

  [[nodiscard]] std::span<Item> items() {
    return size_ > usual ? std::span<Item>(many_) : std::span<Item>(few_).first(size_);
  }

 private:
  static constexpr std::size_t usual = 32;
  std::size_t size_;
  std::array<Item, usual> few_{};
  std::vector<Item> many_;
};

}  // namespace

ConfigIter::Grid::Grid(plan::Document document)
    : written_(std::move(document.grid)), columns_(make_columns(document)) {
  constexpr std::uint64_t largest = std::numeric_limits<std::int64_t>::max();
  starts_.push_back(0);
  for (const plan::SubGrid& sub_grid : columns_->sub_grids) {
    if (sub_grid.size() > largest - size()) {
      reject("the grid has more than 2^63 - 1 configs: remove fields or values");
    }
    starts_.push_back(size() + sub_grid.size());
  }
  auto shape = std::make_shared<Config::Shape>();
  shape->fields = std::move(document.static_configs);
  shape->owner = columns_;
  shape_ = std::move(shape);
  for (const std::string& name : columns_->fields) numbers_.emplace(name, numbers_.size());
  for (const auto& [name, value] : shape_->fields) {
    if (std::string key = to_key(value); !key.empty()) static_keys_.emplace(name, std::move(key));
  }
}

std::shared_ptr<ConfigIter::Grid::Columns> ConfigIter::Grid::make_columns(
    plan::Document& document) {
  auto columns = std::make_shared<Columns>();
  columns->fields = std::move(document.grid_fields);
  columns->sub_grids = plan::make_sub_grids(std::move(document.sub_grids), columns->fields);
  return columns;
}

const plan::GridIndex& ConfigIter::Grid::inverse() const {
  std::call_once(indexed_,
                 [this] { index_.emplace(columns_->sub_grids, columns_->fields.size()); });
  return *index_;
}

std::size_t ConfigIter::Grid::sub_grid_of(std::uint64_t index) const {
  const auto behind = std::upper_bound(starts_.begin() + 1, starts_.end() - 1, index);
  return static_cast<std::size_t>(behind - starts_.begin() - 1);
}

void ConfigIter::Grid::decode(std::uint64_t index, std::span<const GridValue*> values) const {
  const std::size_t number = sub_grid_of(index);
  const plan::SubGrid& sub_grid = columns_->sub_grids[number];
  if (sub_grid.columns().size() < values.size()) std::fill(values.begin(), values.end(), nullptr);
  sub_grid.decode(index - starts_[number], [&](const plan::Column& column, std::uint32_t value) {
    values[column.field] = &column.values[value];
  });
}

Config ConfigIter::Grid::config(std::uint64_t index) const {
  const std::size_t number = sub_grid_of(index);
  const plan::SubGrid& sub_grid = columns_->sub_grids[number];
  std::vector<Config::Field> fields(sub_grid.columns().size());
  auto field = fields.end();
  sub_grid.decode(index - starts_[number], [&](const plan::Column& column, std::uint32_t value) {
    --field;
    field->name = &columns_->fields[column.field];
    field->value = &column.values[value].value;
  });
  return {shape_, std::move(fields)};
}

std::optional<std::uint64_t> ConfigIter::Grid::find_ids(std::span<const std::uint32_t> ids) const {
  const auto found = inverse().find(ids);
  if (!found) return std::nullopt;
  return starts_[found->sub_grid] + found->index;
}

std::optional<std::uint64_t> ConfigIter::Grid::find(std::span<const std::string_view> keys) const {
  PerField<std::uint32_t> ids(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) ids.items()[i] = inverse().id(i, keys[i]);
  return find_ids(ids.items());
}

std::optional<std::size_t> ConfigIter::Grid::field(std::string_view name) const {
  const auto found = numbers_.find(name);
  return found == numbers_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::uint64_t> ConfigIter::Grid::index_of(const Config& config) const {
  PerField<std::uint32_t> ids(fields().size());
  std::size_t statics = 0;
  for (const auto& [name, value] : config) {
    const std::string key = to_key(value);
    if (key.empty()) continue;
    if (const auto number = field(name)) {
      ids.items()[*number] = inverse().id(*number, key);
      continue;
    }
    const auto own = static_keys_.find(name);
    if (own == static_keys_.end() || own->second != key) return std::nullopt;
    ++statics;
  }
  return statics == static_keys_.size() ? find_ids(ids.items()) : std::nullopt;
}

std::uint64_t ConfigIter::Grid::first_index(std::uint64_t index) const {
  if (!inverse().may_repeat()) return index;
  PerField<std::uint32_t> ids(fields().size());
  const std::size_t number = sub_grid_of(index);
  columns_->sub_grids[number].decode(index - starts_[number],
                                     [&](const plan::Column& column, std::uint32_t value) {
                                       ids.items()[column.field] = column.ids[value];
                                     });
  return find_ids(ids.items()).value_or(index);
}

std::optional<std::uint64_t> ConfigIter::Grid::count_duplicates() const {
  constexpr std::uint64_t most_configs = 10'000'000;
  if (!inverse().may_repeat()) return 0;
  if (size() > most_configs) return std::nullopt;
  return size() - plan::count_distinct(columns_->sub_grids, fields().size());
}

std::optional<std::uint64_t> ConfigIter::Grid::duplicates() const {
  std::call_once(counted_, [this] { duplicates_ = count_duplicates(); });
  return duplicates_;
}

}  // namespace malet
