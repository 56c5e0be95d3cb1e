#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "malet/error.hpp"
#include "malet/value.hpp"

namespace malet {

/// One configuration: named values, static ones first, then the grid's in expansion order.
///
/// The counterpart of the ConfigDict that Malet passes to an experiment. A Config from a ConfigIter
/// shares its values with it and keeps them alive, so copies are cheap; `set` makes its own copy of
/// them.
class Config {
 public:
  /// A config without fields.
  Config();
  /// A config with these fields; a repeated name keeps its last value.
  Config(std::initializer_list<std::pair<std::string, Value>> fields);
  explicit Config(Value::Map fields);

  /// Whether there is such a field; its value may be null.
  [[nodiscard]] bool contains(std::string_view name) const { return find(name) != nullptr; }
  /// The field's value; nullptr when there is no such field.
  [[nodiscard]] const Value* find(std::string_view name) const;
  /// The field's value. Throws Error(bad_input) with the name and the fields there are when it is
  /// missing.
  [[nodiscard]] const Value& operator[](std::string_view name) const;

  /// The field as a C++ type: bool, an integer type, float or double, std::string, Value, or a
  /// std::vector of these. Converts integers to reals, and integral reals to integers. Throws
  /// Error(bad_input) with the field, the type wanted and the type found, and as operator[].
  template <typename T>
  [[nodiscard]] T get(std::string_view name) const;
  /// As get, but returns `fallback` for a field that is missing or null.
  template <typename T>
  [[nodiscard]] T get(std::string_view name, T fallback) const {
    const Value* value = find(name);
    return value == nullptr || value->is_null() ? fallback : get<T>(name);
  }

  /// Sets a field: in its place, or at the end when it is new.
  void set(std::string_view name, Value value);

  /// Number of fields.
  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  /// Name and value of the field at `position` (0 <= position < size()).
  [[nodiscard]] std::pair<std::string_view, const Value&> field(std::size_t position) const;

  /// Iterates over pairs of name and value, in order.
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = std::pair<std::string_view, const Value&>;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = value_type;

    Iterator(const Config* config, std::size_t position) : config_(config), position_(position) {}
    value_type operator*() const { return config_->field(position_); }
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
    const Config* config_;
    std::size_t position_;
  };
  [[nodiscard]] Iterator begin() const { return {this, 0}; }
  [[nodiscard]] Iterator end() const { return {this, size()}; }

  /// The config as a map value, in order.
  [[nodiscard]] Value::Map to_map() const;
  /// The config as a JSON object on one line, fields in order.
  [[nodiscard]] std::string json() const;
  /// Name and key text (see to_key) of each field with a key text, sorted by name. Null, NaN and
  /// empty text have none.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> key_texts() const;
  /// 16 hex digits: the first 8 bytes of SHA-256 over the sorted `name\tkeytext\n` of key_texts().
  /// Does not depend on the order of the grid, on which fields are static, on splits or on ranks.
  [[nodiscard]] std::string run_id() const;

  /// Whether both have the same fields with the same values, in any order.
  friend bool operator==(const Config& a, const Config& b);

  /// Shared by many configs: the static fields, and the owner of the other values.
  struct Shape {
    Value::Map fields;
    std::shared_ptr<const void> owner;
  };
  /// A field whose name and value belong to Shape::owner.
  struct Field {
    const std::string* name;
    const Value* value;
  };
  /// For ConfigIter: the shared static fields, then `grid_fields`.
  Config(std::shared_ptr<const Shape> shape, std::vector<Field> grid_fields)
      : shape_(std::move(shape)), grid_fields_(std::move(grid_fields)) {}

 private:
  [[noreturn]] void throw_wrong_type(std::string_view name, std::string_view wanted) const;

  std::shared_ptr<const Shape> shape_;
  std::vector<Field> grid_fields_;
};

namespace detail {

/// Converts a value to a T. `from` returns nothing when it cannot; `name` then describes the wanted
/// type so closely that `found` does not match. `plural` is "s" for the items of a list.
template <typename T>
struct Read;

template <>
struct Read<bool> {
  static std::string name(const Value&, const char* plural) {
    return std::string("boolean") + plural;
  }
  static std::optional<bool> from(const Value& value) {
    return value.is_boolean() ? std::optional(value.boolean()) : std::nullopt;
  }
};
template <>
struct Read<std::string> {
  static std::string name(const Value&, const char* plural) { return std::string("text") + plural; }
  static std::optional<std::string> from(const Value& value) {
    return value.is_text() ? std::optional(value.text()) : std::nullopt;
  }
};
template <>
struct Read<Value> {
  static std::string name(const Value&, const char* plural) {
    return std::string("value") + plural;
  }
  static std::optional<Value> from(const Value& value) { return value; }
};
/// An integer that fits into 64 bits, from an integer or an integral real.
[[nodiscard]] std::optional<std::int64_t> read_integer(const Value& value);

template <typename T>
requires std::is_integral_v<T>
struct Read<T> {
  static std::string name(const Value& found, const char* plural) {
    const std::string name = std::string("integer") + plural;
    using Limits = std::numeric_limits<T>;
    if (!read_integer(found)) return name;
    if constexpr (sizeof(T) == sizeof(std::int64_t)) return name + " from 0 on";
    return name + " from " + std::to_string(Limits::min()) + " to " + std::to_string(Limits::max());
  }
  static std::optional<T> from(const Value& value) {
    const auto wide = read_integer(value);
    if (!wide || (std::is_unsigned_v<T> && *wide < 0)) return std::nullopt;
    const T narrow = static_cast<T>(*wide);
    return static_cast<std::int64_t>(narrow) == *wide ? std::optional(narrow) : std::nullopt;
  }
};
template <typename T>
requires std::is_floating_point_v<T>
struct Read<T> {
  static std::string name(const Value&, const char* plural) { return std::string("real") + plural; }
  static std::optional<T> from(const Value& value) {
    return value.is_number() ? std::optional(static_cast<T>(value.number())) : std::nullopt;
  }
};
template <typename Item>
struct Read<std::vector<Item>> {
  static std::string name(const Value& found, const char* plural) {
    const Value* wrong = found.is_list() ? first_wrong(found.list()) : nullptr;
    return std::string("list") + plural + " of " +
           Read<Item>::name(wrong == nullptr ? Value() : *wrong, "s");
  }
  static std::optional<std::vector<Item>> from(const Value& value) {
    if (!value.is_list()) return std::nullopt;
    std::vector<Item> items;
    for (const Value& element : value.list()) {
      auto item = Read<Item>::from(element);
      if (!item) return std::nullopt;
      items.push_back(std::move(*item));
    }
    return items;
  }

 private:
  static const Value* first_wrong(const Value::List& list) {
    for (const Value& element : list) {
      if (!Read<Item>::from(element)) return &element;
    }
    return nullptr;
  }
};

}  // namespace detail

template <typename T>
T Config::get(std::string_view name) const {
  const Value& found = (*this)[name];
  auto value = detail::Read<T>::from(found);
  if (!value) throw_wrong_type(name, detail::Read<T>::name(found, ""));
  return std::move(*value);
}

}  // namespace malet
