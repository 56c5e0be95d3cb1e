#include "wandb/metric.hpp"

#include <algorithm>
#include <limits>

namespace malet::wandb {

bool is_wanted(std::string_view name, const std::vector<std::string>& picked) {
  if (picked.empty()) return !name.starts_with('_');
  return std::find(picked.begin(), picked.end(), name) != picked.end();
}

std::optional<Value> scalar_of(const Value& value) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (value.is_list() || value.is_map()) return std::nullopt;
  if (!value.is_text()) return value;
  if (value.text() == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (value.text() == "Infinity") return infinity;
  if (value.text() == "-Infinity") return -infinity;
  return value;
}

std::optional<Value> metric_of(const Value& value) {
  if (!value.is_list()) return scalar_of(value);
  Value::List items;
  for (const Value& item : value.list()) {
    const auto scalar = scalar_of(item);
    if (!scalar) return std::nullopt;
    items.push_back(*scalar);
  }
  return Value(std::move(items));
}

}  // namespace malet::wandb
