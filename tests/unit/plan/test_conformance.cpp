// What Python Malet makes of the same files: tests/data/conformance/*/expected.json.
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "catch.hpp"
#include "malet/config_iter.hpp"
#include "malet/error.hpp"

namespace {

using Json = nlohmann::ordered_json;

/// Whether the values are equal in type as well: 1 is not 1.0, and fields are in the same order.
bool same(const malet::Value& value, const Json& json);

bool same_list(const malet::Value::List& list, const Json& json) {
  if (!json.is_array() || json.size() != list.size()) return false;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!same(list[i], json[i])) return false;
  }
  return true;
}

bool same_map(const malet::Value::Map& map, const Json& json) {
  if (!json.is_object() || json.size() != map.size()) return false;
  auto expected = json.begin();
  for (const auto& [name, value] : map) {
    if (name != expected.key() || !same(value, expected.value())) return false;
    ++expected;
  }
  return true;
}

bool same(const malet::Value& value, const Json& json) {
  using Type = malet::Value::Type;
  switch (value.type()) {
    case Type::null:
      return json.is_null();
    case Type::boolean:
      return json.is_boolean() && json.get<bool>() == value.boolean();
    case Type::integer:
      return json.is_number_integer() && json.get<std::int64_t>() == value.integer();
    case Type::real:
      return json.is_number_float() && json.get<double>() == value.real();
    case Type::text:
      return json.is_string() && json.get<std::string>() == value.text();
    case Type::list:
      return same_list(value.list(), json);
    case Type::map:
      break;
  }
  return same_map(value.map(), json);
}

/// As same, but integers and integral reals are equal: the files of grid_dict come from a log.
bool alike(const malet::Value& value, const Json& json) {
  if (value.is_number())
    return json.is_number() && json.get<double>() == Approx(value.number()).epsilon(1e-15);
  if (!value.is_list()) return same(value, json);
  if (!json.is_array() || json.size() != value.list().size()) return false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (!alike(value.list()[i], json[i])) return false;
  }
  return true;
}

Json read_json(const std::filesystem::path& path) {
  std::ifstream file(path);
  return Json::parse(file);
}

void check_configs(const malet::ConfigIter& configs, const Json& expected) {
  CHECK(same_map(configs.static_configs(), expected["static_configs"]));
  CHECK(configs.grid_fields() == expected["grid_fields"].get<std::vector<std::string>>());
  REQUIRE(configs.size() == expected["configs"].size());
  std::size_t i = 0;
  for (const malet::Config config : configs) {
    CAPTURE(i, config.json());
    CHECK(same_map(config.to_map(), expected["configs"][i]));
    CHECK(configs.index_of(config) == i);
    ++i;
  }
}

void check_grid_dict(const malet::ConfigIter& configs, const Json& expected) {
  const auto values = configs.grid_dict();
  REQUIRE(values.size() == expected.size());
  auto wanted = expected.begin();
  for (const auto& [name, list] : values) {
    CAPTURE(name);
    CHECK(name == wanted.key());
    CHECK(alike(list, wanted.value()));
    ++wanted;
  }
}

}  // namespace

TEST_CASE("configs are those of Python Malet, in order and type", "[conformance]") {
  const std::filesystem::path folder = std::filesystem::path(MALET_TEST_DATA) / "conformance";
  std::size_t cases = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    CAPTURE(entry.path().string());
    const Json expected = read_json(entry.path() / "expected.json");
    const auto config_file = entry.path() / "exp_config.yaml";
    if (expected.contains("error")) {
      CHECK_THROWS_AS(malet::ConfigIter(config_file), malet::Error);
    } else {
      const malet::ConfigIter configs(config_file);
      check_configs(configs, expected);
      const auto grid_dict = entry.path() / "grid_dict.json";
      if (std::filesystem::exists(grid_dict)) check_grid_dict(configs, read_json(grid_dict));
    }
    ++cases;
  }
  CHECK(cases >= 13);
}

TEST_CASE("the comparison of types is strict", "[conformance]") {
  CHECK(same(1, Json(1)));
  CHECK_FALSE(same(1, Json(1.0)));
  CHECK_FALSE(same(1.0, Json(1)));
  CHECK_FALSE(same(true, Json(1)));
  CHECK_FALSE(same("1", Json(1)));
  CHECK_FALSE(same(malet::Value(), Json("")));
  CHECK_FALSE(same(malet::Value::Map{{"a", 1}, {"b", 2}}, Json({{"b", 2}, {"a", 1}})));
}
