#include "record/log/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <unordered_set>

#include "base/text/number_text.hpp"
#include "base/text/text_parts.hpp"
#include "record/table/key_text.hpp"

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

// pandas collects up to 17 digits, leading zeros among them, in a double, which holds 15 of them
// for certain, and then multiplies or divides once by a power of ten.
constexpr int max_digits = 17;
constexpr std::int64_t max_exponent = 308;
constexpr std::int64_t far = 1'000'000'000'000;

bool starts_with_digit(std::string_view text) {
  return !text.empty() && base::is_digit(text.front());
}

/// The digits collected so far and the power of ten that they lack.
struct Collected {
  double number = 0;
  int digits = 0;
  std::int64_t exponent = 0;

  void take(std::string_view& text, bool behind_point) {
    for (; starts_with_digit(text); text.remove_prefix(1)) {
      const bool fits = digits < max_digits;
      if (fits) {
        number = number * 10 + (text.front() - '0');
        ++digits;
      }
      exponent += (fits ? 0 : 1) - (behind_point ? 1 : 0);
    }
  }
};

double power_of_ten(std::int64_t exponent) {
  return base::read_decimal(fmt::format("1e{}", exponent));
}

std::int64_t read_exponent(std::string_view text) {
  if (text.empty() || (text.front() != 'e' && text.front() != 'E')) return 0;
  text.remove_prefix(1);
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  std::int64_t exponent = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), exponent);
  // Far beyond any real, and far from where sums overflow.
  return read.ec == std::errc() ? std::clamp<std::int64_t>(exponent, -far, far) : far;
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

FieldNames config_fields(const Value::Map& static_configs,
                         const std::vector<std::string>& grid_fields) {
  FieldNames names(grid_fields.begin(), grid_fields.end());
  for (const auto& [name, value] : static_configs) names.insert(name);
  return names;
}

FieldNames config_fields(const ExperimentLog& log) {
  return config_fields(log.static_configs(), log.grid_fields());
}

std::vector<std::string_view> lacking(const FieldNames& names, const FieldNames& other) {
  std::vector<std::string_view> missing;
  std::set_difference(names.begin(), names.end(), other.begin(), other.end(),
                      std::back_inserter(missing));
  return missing;
}

const Value* static_field(const Value::Map& static_configs, std::string_view name) {
  const auto found = std::find_if(static_configs.begin(), static_configs.end(),
                                  [name](const auto& field) { return field.first == name; });
  return found == static_configs.end() ? nullptr : &found->second;
}

bool holds(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

double pandas_real(std::string_view number) {
  const bool negative = !number.empty() && number.front() == '-';
  std::string_view rest = number.substr(negative || (!number.empty() && number[0] == '+') ? 1 : 0);
  Collected collected;
  collected.take(rest, false);
  if (!rest.empty() && rest.front() == '.') {
    rest.remove_prefix(1);
    collected.take(rest, true);
  }
  const std::int64_t exponent = collected.exponent + read_exponent(rest);
  if (collected.digits == 0 || exponent > max_exponent || exponent < -max_exponent) {
    return base::read_decimal(number);
  }
  const double value = exponent > 0 ? collected.number * power_of_ten(exponent)
                                    : collected.number / power_of_ten(-exponent);
  return negative ? -value : value;
}

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
