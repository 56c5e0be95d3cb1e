#include "malet/config.hpp"

#include <algorithm>
#include <cmath>

#include "base/text/reject.hpp"
#include "base/text/run_id.hpp"

namespace malet {

namespace {

std::shared_ptr<const Config::Shape> no_fields() {
  static const auto shape = std::make_shared<const Config::Shape>();
  return shape;
}

}  // namespace

Config::Config() : shape_(no_fields()) {}

Config::Config(std::initializer_list<std::pair<std::string, Value>> fields)
    : Config(Value::Map(fields)) {}

Config::Config(Value::Map fields) {
  Metrics distinct;  // a map that replaces by name
  for (auto& [name, value] : fields) distinct.set(name, std::move(value));
  auto shape = std::make_shared<Shape>();
  shape->fields = std::move(distinct);
  shape_ = std::move(shape);
}

std::size_t Config::size() const noexcept {
  return shape_->fields.size() + grid_fields_.size();
}

std::pair<std::string_view, const Value&> Config::field(std::size_t position) const {
  const auto& shared = shape_->fields;
  if (position < shared.size()) return {shared[position].first, shared[position].second};
  const Field& own = grid_fields_[position - shared.size()];
  return {*own.name, *own.value};
}

const Value* Config::find(std::string_view name) const {
  for (const Field& field : grid_fields_) {
    if (*field.name == name) return field.value;
  }
  for (const auto& [shared_name, value] : shape_->fields) {
    if (shared_name == name) return &value;
  }
  return nullptr;
}

const Value& Config::operator[](std::string_view name) const {
  if (const Value* value = find(name)) return *value;
  std::string names;
  for (const auto [known, value] : *this) names.append(names.empty() ? "" : ", ").append(known);
  reject("the config has no field '{}'; it has: {}", name, names);
}

void Config::throw_wrong_type(std::string_view name, std::string_view wanted) const {
  const Value& found = (*this)[name];
  reject("config field '{}' is wanted as {} and is {}: {}", name, wanted, type_name(found.type()),
         to_json(found));
}

void Config::set(std::string_view name, Value value) {
  Metrics fields(to_map());
  fields.set(name, std::move(value));
  *this = Config(Value::Map(std::move(fields)));
}

Value::Map Config::to_map() const {
  Value::Map map;
  map.reserve(size());
  for (const auto [name, value] : *this) map.emplace_back(std::string(name), value);
  return map;
}

std::string Config::json() const {
  return to_json(Value(to_map()));
}

std::vector<std::pair<std::string, std::string>> Config::key_texts() const {
  std::vector<std::pair<std::string, std::string>> keys;
  keys.reserve(size());
  for (const auto [name, value] : *this) {
    // In a cell NaN and empty text look like null.
    if (std::string key = to_key(value); !key.empty()) {
      keys.emplace_back(std::string(name), std::move(key));
    }
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

std::string Config::run_id() const {
  std::string text;
  for (const auto& [name, key] : key_texts())
    text.append(name).append("\t").append(key).append("\n");
  return base::run_id_text(base::run_number(text));
}

bool operator==(const Config& a, const Config& b) {
  if (a.size() != b.size()) return false;
  return std::all_of(a.begin(), a.end(), [&](const auto& field) {
    const Value* other = b.find(field.first);
    return other != nullptr && *other == field.second;
  });
}

namespace detail {

std::optional<std::int64_t> read_integer(const Value& value) {
  if (value.is_integer()) return value.integer();
  if (!value.is_real()) return std::nullopt;
  const double real = value.real();
  // Beyond 2^63 the conversion would be undefined; NaN fails the comparison as well.
  if (!(std::abs(real) < 9.2e18) || std::trunc(real) != real) return std::nullopt;
  return static_cast<std::int64_t>(real);
}

}  // namespace detail

}  // namespace malet
