#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "malet/config_iter.hpp"
#include "plan/document.hpp"
#include "plan/grid_index.hpp"
#include "plan/sub_grid.hpp"

namespace malet {

/// The parsed grid: immutable, from index to values and back, with O(values) memory. Safe to use
/// from several threads.
class ConfigIter::Grid {
 public:
  /// Throws Error(bad_input), a reason without a place, for more than 2^63 - 1 configs.
  explicit Grid(plan::Document document);

  [[nodiscard]] std::uint64_t size() const { return starts_.back(); }
  /// Writes the values of config `index` to `values`, one per grid field; nullptr for a field that
  /// the sub-grid lacks.
  void decode(std::uint64_t index, std::span<const GridValue*> values) const;
  /// The lowest index of a config with these key texts, one per grid field, empty for null and
  /// absent values. Does not allocate for up to 32 grid fields.
  [[nodiscard]] std::optional<std::uint64_t> find(std::span<const std::string_view> keys) const;

  [[nodiscard]] const Value::Map& static_configs() const { return shape_->fields; }
  [[nodiscard]] const std::vector<std::string>& fields() const { return columns_->fields; }
  [[nodiscard]] const Value::List& written() const { return written_; }
  /// The number of a grid field.
  [[nodiscard]] std::optional<std::size_t> field(std::string_view name) const;

  [[nodiscard]] Config config(std::uint64_t index) const;
  // As in ConfigIter.
  [[nodiscard]] std::optional<std::uint64_t> index_of(const Config& config) const;
  [[nodiscard]] std::uint64_t first_index(std::uint64_t index) const;
  [[nodiscard]] std::optional<std::uint64_t> duplicates() const;
  [[nodiscard]] Value::Map distinct_values() const;
  [[nodiscard]] Value::Type field_type(std::string_view name) const;

 private:
  /// The names and values that configs point into and keep alive.
  struct Columns {
    std::vector<std::string> fields;
    std::vector<plan::SubGrid> sub_grids;
  };

  [[nodiscard]] static std::shared_ptr<Columns> make_columns(plan::Document& document);
  /// Made on first use: workers only decode and never need it.
  [[nodiscard]] const plan::GridIndex& inverse() const;
  [[nodiscard]] std::size_t sub_grid_of(std::uint64_t index) const;
  [[nodiscard]] std::optional<std::uint64_t> find_ids(std::span<const std::uint32_t> ids) const;
  [[nodiscard]] std::optional<std::uint64_t> count_duplicates() const;

  Value::List written_;
  std::shared_ptr<Columns> columns_;
  std::shared_ptr<const Config::Shape> shape_;
  std::vector<std::uint64_t> starts_;  // sums of the sub-grids' sizes before each, and of all
  std::unordered_map<std::string_view, std::size_t> numbers_;      // of the grid fields
  std::unordered_map<std::string_view, std::string> static_keys_;  // of those that have one
  mutable std::once_flag indexed_;
  mutable std::optional<plan::GridIndex> index_;
  mutable std::once_flag counted_;
  mutable std::optional<std::uint64_t> duplicates_;
};

}  // namespace malet
