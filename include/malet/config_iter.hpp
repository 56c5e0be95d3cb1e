#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "malet/config.hpp"
#include "malet/value.hpp"

namespace malet {

/// The configs of an experiment: the static fields and the expanded grid of `exp_config.yaml`.
///
/// The counterpart of Malet's ConfigIter, with the same file format, numbering and order. The grid
/// is never expanded in memory: a config is decoded from its index, so that opening 10^12 configs
/// takes no time. Copies are cheap and share everything. docs/exp_config.md has the file format.
class ConfigIter {
 public:
  /// Reads an exp_config.yaml. Throws Error(bad_input) with file, line and field.
  explicit ConfigIter(const std::filesystem::path& exp_config_path);
  /// Reads the text of an exp_config.yaml. Throws as the constructor; messages call the file
  /// `name`.
  [[nodiscard]] static ConfigIter from_text(std::string_view yaml,
                                            std::string_view name = "exp_config.yaml");

  /// The top-level fields other than `grid` and `grid_fields`, in the file's order.
  [[nodiscard]] const Value::Map& static_configs() const;
  /// The grid's fields in expansion order (the first one changes slowest).
  [[nodiscard]] const std::vector<std::string>& grid_fields() const;
  /// The grid as written, with list expressions evaluated: one map per sub-grid.
  [[nodiscard]] const Value::List& grid() const;
  /// This object: Malet's name for the expanded configs.
  [[nodiscard]] const ConfigIter& grid_iter() const { return *this; }
  /// The distinct values of every grid field over all sub-grids, sorted (null, booleans, numbers,
  /// text, lists, maps; numbers by value).
  [[nodiscard]] Value::Map grid_dict() const;
  /// The type of a field's first value that is not null; null when it has none. Throws
  /// Error(bad_input) for an unknown field.
  [[nodiscard]] Value::Type field_type(std::string_view field) const;

  /// Number of configs, with repeats, after filter_iter, split and slice.
  [[nodiscard]] std::uint64_t size() const;
  [[nodiscard]] bool empty() const { return size() == 0; }
  /// The config at `position`, which must be below size(); at() throws Error(bad_input) when it is
  /// not.
  [[nodiscard]] Config operator[](std::uint64_t position) const;
  [[nodiscard]] Config at(std::uint64_t position) const;
  /// The number in the whole grid of the config at `position`. Filters and slices do not change it.
  [[nodiscard]] std::uint64_t index(std::uint64_t position) const;
  /// Whether the config with that number in the whole grid is one of these.
  [[nodiscard]] bool holds(std::uint64_t index) const;

  /// Number of configs of the whole grid, without regard to filter_iter, split and slice.
  [[nodiscard]] std::uint64_t grid_size() const;
  /// The config with that number in the whole grid; `index` must be below grid_size().
  [[nodiscard]] Config config(std::uint64_t index) const;
  /// The lowest number in the whole grid of a config with the same key texts. Its fields must be
  /// those of the grid and the static ones, no others; a value without a key text counts as absent.
  /// Nothing when the grid has no such config.
  [[nodiscard]] std::optional<std::uint64_t> index_of(const Config& config) const;
  /// The lowest number in the whole grid of a config equal to config `index`: `index` itself,
  /// unless the grid lists the config more than once.
  [[nodiscard]] std::uint64_t first_index(std::uint64_t index) const;
  /// How many configs of the whole grid repeat an earlier one. Nothing for a grid of more than 10^7
  /// configs, unless its form shows that there are none.
  [[nodiscard]] std::optional<std::uint64_t> duplicates() const;

  /// Keeps the configs for which `keep(index, config)` is true; numbers do not change. Changes this
  /// object, as Malet's does. Calls `keep` once for each config.
  void filter_iter(const std::function<bool(std::uint64_t, const Config&)>& keep);
  /// The configs with index % total == current, as Malet splits. Throws Error(bad_input) unless
  /// current < total.
  [[nodiscard]] ConfigIter split(std::uint64_t total, std::uint64_t current) const;
  /// The configs at positions first, first + step, ...; none when first >= size().
  [[nodiscard]] ConfigIter every(std::uint64_t step, std::uint64_t first) const;
  /// The configs at positions first to last - 1; both may be beyond size().
  [[nodiscard]] ConfigIter slice(std::uint64_t first, std::uint64_t last) const;

  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Config;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = Config;

    Iterator(const ConfigIter* configs, std::uint64_t position)
        : configs_(configs), position_(position) {}
    Config operator*() const { return (*configs_)[position_]; }
    Iterator& operator++() {
      ++position_;
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++position_;
      return before;
    }
    friend bool operator==(const Iterator& a, const Iterator& b) = default;

   private:
    const ConfigIter* configs_;
    std::uint64_t position_;
  };
  [[nodiscard]] Iterator begin() const { return {this, 0}; }
  [[nodiscard]] Iterator end() const { return {this, size()}; }

  /// The parsed grid behind it, for the sweep's fast paths (src/plan/grid.hpp).
  class Grid;
  [[nodiscard]] const Grid& parsed() const { return *grid_; }

 private:
  struct Selection;
  ConfigIter() = default;
  [[nodiscard]] Selection selection() const;
  [[nodiscard]] ConfigIter with(Selection selection) const;

  std::shared_ptr<const Grid> grid_;
  std::shared_ptr<const Selection> selection_;  // null: the whole grid
};

}  // namespace malet
