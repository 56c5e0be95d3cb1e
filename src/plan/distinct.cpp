#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_set>

#include "base/text/reject.hpp"
#include "plan/grid.hpp"

// The values of single fields: ConfigIter::grid_dict and field_type.
namespace malet {

namespace {

/// The place of a value's kind in a sort; integers and reals are one kind.
int rank(const Value& value) {
  constexpr std::array<int, 7> ranks{0, 1, 2, 2, 3, 4, 5};  // by Value::Type
  return ranks.at(static_cast<std::size_t>(value.type()));
}

/// NaN comes after all numbers.
bool number_less(const Value& a, const Value& b) {
  if (a.is_integer() && b.is_integer()) return a.integer() < b.integer();
  if (std::isnan(a.number()) || std::isnan(b.number())) {
    return !std::isnan(a.number()) && std::isnan(b.number());
  }
  return a.number() < b.number();
}

bool less(const Value& a, const Value& b) {
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  switch (rank(a)) {
    case 1:
      return !a.boolean() && b.boolean();
    case 2:
      return number_less(a, b);
    case 3:
      return a.text() < b.text();
    case 4:
      return std::lexicographical_compare(a.list().begin(), a.list().end(), b.list().begin(),
                                          b.list().end(), less);
    case 5:
      return to_key(a) < to_key(b);
    default:
      return false;
  }
}

}  // namespace

Value::Map ConfigIter::Grid::distinct_values() const {
  std::vector<Value::List> values(fields().size());
  std::vector<std::unordered_set<std::string_view>> seen(fields().size());
  for (const plan::SubGrid& sub_grid : columns_->sub_grids) {
    for (const plan::Column& column : sub_grid.columns()) {
      for (const GridValue& value : column.values) {
        if (seen[column.field].insert(value.key).second) {
          values[column.field].push_back(value.value);
        }
      }
    }
  }
  Value::Map distinct;
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::sort(values[i].begin(), values[i].end(), less);
    distinct.emplace_back(fields()[i], std::move(values[i]));
  }
  return distinct;
}

Value::Type ConfigIter::Grid::field_type(std::string_view name) const {
  const auto number = field(name);
  if (!number) {
    const auto found = std::find_if(static_configs().begin(), static_configs().end(),
                                    [&](const auto& entry) { return entry.first == name; });
    if (found != static_configs().end()) return found->second.type();
    reject("there is no field '{}', neither static nor in the grid", name);
  }
  for (const plan::SubGrid& sub_grid : columns_->sub_grids) {
    for (const plan::Column& column : sub_grid.columns()) {
      if (column.field != *number) continue;
      for (const GridValue& value : column.values) {
        if (!value.value.is_null()) return value.value.type();
      }
    }
  }
  return Value::Type::null;
}

}  // namespace malet
