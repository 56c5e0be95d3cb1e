#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace malet {

/// One value of a config or a metric: null, boolean, integer, real, text, list or map.
///
/// The counterpart of the Python objects in YAML and in a log's cells. A list is Python's list or
/// tuple: the column in log.tsv decides which of the two is written. Maps keep the order of their
/// fields.
class Value {
 public:
  enum class Type { null, boolean, integer, real, text, list, map };
  using List = std::vector<Value>;
  using Map = std::vector<std::pair<std::string, Value>>;

  Value() = default;
  Value(std::nullptr_t) {}                                      // NOLINT: values convert
  Value(bool value) : data_(value) {}                           // NOLINT
  Value(double value) : data_(value) {}                         // NOLINT
  Value(float value) : data_(static_cast<double>(value)) {}     // NOLINT
  Value(const char* value) : data_(std::string(value)) {}       // NOLINT
  Value(std::string value) : data_(std::move(value)) {}         // NOLINT
  Value(std::string_view value) : data_(std::string(value)) {}  // NOLINT
  Value(List value) : data_(std::move(value)) {}                // NOLINT
  Value(Map value) : data_(std::move(value)) {}                 // NOLINT
  template <typename Int,
            std::enable_if_t<std::is_integral_v<Int> && !std::is_same_v<Int, bool>, int> = 0>
  Value(Int value) : data_(static_cast<std::int64_t>(value)) {}  // NOLINT
  /// A list from a vector of anything that converts to a Value.
  template <typename Item,
            std::enable_if_t<std::is_convertible_v<Item, Value> && !std::is_same_v<Item, Value> &&
                                 !std::is_same_v<Item, std::pair<std::string, Value>>,
                             int> = 0>
  Value(const std::vector<Item>& items) : data_(List(items.begin(), items.end())) {}  // NOLINT

  /// The type of the value; is_boolean() and the others below compare with it.
  [[nodiscard]] Type type() const noexcept { return static_cast<Type>(data_.index()); }
  [[nodiscard]] bool is_null() const noexcept { return type() == Type::null; }
  [[nodiscard]] bool is_boolean() const noexcept { return type() == Type::boolean; }
  [[nodiscard]] bool is_integer() const noexcept { return type() == Type::integer; }
  [[nodiscard]] bool is_real() const noexcept { return type() == Type::real; }
  /// True for integers and reals, not for booleans.
  [[nodiscard]] bool is_number() const noexcept { return is_integer() || is_real(); }
  [[nodiscard]] bool is_text() const noexcept { return type() == Type::text; }
  [[nodiscard]] bool is_list() const noexcept { return type() == Type::list; }
  [[nodiscard]] bool is_map() const noexcept { return type() == Type::map; }

  // The content. Each throws std::bad_variant_access when the value has another type.
  [[nodiscard]] bool boolean() const { return std::get<bool>(data_); }
  [[nodiscard]] std::int64_t integer() const { return std::get<std::int64_t>(data_); }
  [[nodiscard]] double real() const { return std::get<double>(data_); }
  [[nodiscard]] const std::string& text() const { return std::get<std::string>(data_); }
  [[nodiscard]] const List& list() const { return std::get<List>(data_); }
  [[nodiscard]] List& list() { return std::get<List>(data_); }
  [[nodiscard]] const Map& map() const { return std::get<Map>(data_); }
  [[nodiscard]] Map& map() { return std::get<Map>(data_); }

  /// An integer or a real as double; throws std::bad_variant_access for anything else.
  [[nodiscard]] double number() const {
    return is_integer() ? static_cast<double>(integer()) : real();
  }

  /// The field of that name in a map; nullptr when there is none or this is no map.
  [[nodiscard]] const Value* find(std::string_view name) const;

  /// Same type and same content; NaN equals NaN, 1 does not equal 1.0.
  friend bool operator==(const Value& a, const Value& b);

 private:
  // The order of the alternatives is the order of Type.
  std::variant<std::monostate, bool, std::int64_t, double, std::string, List, Map> data_;
};

/// The name of a type as messages use it: "null", "boolean", "integer", "real", "text", "list",
/// "map".
[[nodiscard]] std::string_view type_name(Value::Type type);

/// How a list is written in a cell: `[1, 2]` in metric columns, `(1, 2)` and `(1,)` in grid
/// columns.
enum class ListStyle { list, tuple };

/// The text of a value in a cell of log.tsv: a Python literal.
///
/// null and NaN are empty, booleans True and False, reals as Python's repr writes them (1e-05,
/// 0.0001, 1e+16, 1.0, inf), text is unquoted. Inside lists and maps text is quoted as by repr, and
/// NaN and null are `nan` and `None`. Does not add the quotes that TSV needs.
[[nodiscard]] std::string to_cell(const Value& value, ListStyle style = ListStyle::list);
/// Appends the text of to_cell to `out`.
void append_cell(std::string& out, const Value& value, ListStyle style = ListStyle::list);

/// The value of a cell's text: the inverse of to_cell.
///
/// An empty cell is null. Any cell that is no Python literal of the kinds above is text; so are
/// integers beyond 64 bits and more than 64 levels. Reads `nan`, `inf` and `None`, alone and inside
/// lists. Never throws.
[[nodiscard]] Value from_cell(std::string_view text);

/// Key text: the cell text by which configs are compared.
///
/// As to_cell with tuples, but integral reals are written as integers (0.0 -> 0, 1e+20 ->
/// 100000000000000000000) and the fields of maps are sorted. Text that from_cell reads as another
/// value has the key text of that value: "1.0" has 1. Null has none: empty.
[[nodiscard]] std::string to_key(const Value& value);

/// How JSON text shows NaN and infinities, for which JSON has no literals.
enum class NonFinite {
  strict,  ///< NaN is null, infinities are 1e999 and -1e999: every JSON reader takes it
  python,  ///< NaN, Infinity, -Infinity, as Python's json module
};

/// JSON text of a value; lists as arrays, maps as objects in their order.
/// \param indent spaces per level; 0 writes everything on one line.
[[nodiscard]] std::string to_json(const Value& value, int indent = 0,
                                  NonFinite non_finite = NonFinite::strict);

/// The metrics of a run: names and values in the order given. A scalar is a final value, a list is
/// a series over steps.
class Metrics : public Value::Map {
 public:
  Metrics() = default;
  Metrics(std::initializer_list<std::pair<std::string, Value>> metrics) : Value::Map(metrics) {}
  explicit Metrics(Value::Map metrics) : Value::Map(std::move(metrics)) {}

  /// The metric of that name; nullptr when there is none.
  [[nodiscard]] const Value* find(std::string_view name) const;
  [[nodiscard]] Value* find(std::string_view name);
  /// Sets the metric of that name: in its place, or at the end when it is new.
  void set(std::string_view name, Value value);
};

}  // namespace malet
