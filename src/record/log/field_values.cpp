#include "record/log/field_values.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_set>

#include "record/table/key_text.hpp"
#include "record/table/pandas_real.hpp"

namespace malet::record {

namespace {

/// Booleans, numbers, text, lists, maps: integers and reals are one kind.
int kind(const Value& value) {
  return static_cast<int>(value.is_real() ? Value::Type::integer : value.type());
}

/// Negative, zero or positive as a stands before, beside or behind b.
int compare(const Value& a, const Value& b);

/// By value; NaN, which compares with nothing, stands first.
int order_numbers(const Value& a, const Value& b) {
  const double x = a.number();
  const double y = b.number();
  if (std::isnan(x) || std::isnan(y)) return (std::isnan(y) ? 1 : 0) - (std::isnan(x) ? 1 : 0);
  return x < y ? -1 : (x > y ? 1 : 0);
}

template <typename T>
int order(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

int compare_lists(const Value::List& a, const Value::List& b) {
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    if (const int difference = compare(a[i], b[i]); difference != 0) return difference;
  }
  return order(a.size(), b.size());
}

int compare(const Value& a, const Value& b) {
  if (kind(a) != kind(b)) return order(kind(a), kind(b));
  switch (a.type()) {
    case Value::Type::null:
      return 0;
    case Value::Type::boolean:
      return order(a.boolean(), b.boolean());
    case Value::Type::integer:
    case Value::Type::real:
      if (a.is_integer() && b.is_integer()) return order(a.integer(), b.integer());
      return order_numbers(a, b);
    case Value::Type::text:
      return order(a.text(), b.text());
    case Value::Type::list:
      return compare_lists(a.list(), b.list());
    case Value::Type::map:
      break;
  }
  return order(to_key(a), to_key(b));
}

/// Whether these are numbers and one of them is a real, which makes all of them reals in pandas.
bool are_reals(const Value::List& values) {
  const auto all = [&](auto is) { return std::all_of(values.begin(), values.end(), is); };
  return all([](const Value& value) { return value.is_number(); }) &&
         !all([](const Value& value) { return value.is_integer(); });
}

/// Makes sorted numbers reals. Those that pandas takes for one are one: Python Malet rounds the
/// rows that it has read, and leaves those that it adds.
Value::List as_reals(const Value::List& numbers) {
  Value::List reals;
  double last_read = 0;
  for (const Value& number : numbers) {
    const Value real(number.number());
    const double read = pandas_real(to_cell(real));
    if (!reals.empty() && read == last_read) {
      reals.back() = Value(read);
    } else {
      reals.push_back(real);
    }
    last_read = read;
  }
  return reals;
}

}  // namespace

Value::List distinct_values(const Table& table, std::size_t column, bool parse) {
  std::unordered_set<std::string> cells;
  std::unordered_set<std::string> keys;
  Value::List values;
  std::string scratch;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto [cell, is_new] = cells.insert(table.cell(row, column));
    if (!is_new) continue;
    const std::string_view key = parse ? cell_key(*cell, scratch) : std::string_view(*cell);
    if (key.empty() || !keys.emplace(key).second) continue;
    values.push_back(parse ? from_cell(*cell) : Value(*cell));
  }
  std::stable_sort(values.begin(), values.end(),
                   [](const Value& a, const Value& b) { return compare(a, b) < 0; });
  return parse && are_reals(values) ? as_reals(values) : values;
}

}  // namespace malet::record
