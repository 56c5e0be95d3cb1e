#include "malet/value.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace malet {

namespace {

template <typename Map>
auto* find_in(Map& map, std::string_view name) {
  const auto found =
      std::find_if(map.begin(), map.end(), [&](const auto& field) { return field.first == name; });
  return found == map.end() ? nullptr : &found->second;
}

}  // namespace

const Value* Value::find(std::string_view name) const {
  return is_map() ? find_in(map(), name) : nullptr;
}

bool operator==(const Value& a, const Value& b) {
  if (a.is_real() && b.is_real()) {
    return a.real() == b.real() || (std::isnan(a.real()) && std::isnan(b.real()));
  }
  return a.data_ == b.data_;
}

std::string_view type_name(Value::Type type) {
  constexpr std::array<std::string_view, 7> names{"null", "boolean", "integer", "real",
                                                  "text", "list",    "map"};
  return names.at(static_cast<std::size_t>(type));
}

Value* Metrics::find(std::string_view name) {
  return find_in(*this, name);
}

const Value* Metrics::find(std::string_view name) const {
  return find_in(*this, name);
}

void Metrics::set(std::string_view name, Value value) {
  if (Value* there = find(name)) {
    *there = std::move(value);
  } else {
    emplace_back(std::string(name), std::move(value));
  }
}

}  // namespace malet
