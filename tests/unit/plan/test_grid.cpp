#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "catch.hpp"
#include "plan/grid.hpp"

using malet::Config;
using malet::ConfigIter;
using malet::Value;

namespace {

/// A random sub-grid, kept simple enough to be expanded by plain loops.
struct RandomSubGrid {
  struct Group {
    std::vector<std::string> names;
    std::vector<std::vector<std::vector<int>>> rows;  // per row and field its values
  };
  std::vector<Group> groups;  // one row and one field outside of groups
  [[nodiscard]] bool is_plain(std::size_t i) const {
    return groups[i].names.size() == 1 && groups[i].rows.size() == 1;
  }
};

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  int up_to(int largest) { return std::uniform_int_distribution<int>(0, largest)(random_); }

  std::vector<int> values() {
    std::vector<int> list(static_cast<std::size_t>(1 + up_to(2)));
    for (int& value : list) value = up_to(3);  // few enough to repeat
    return list;
  }

  RandomSubGrid sub_grid() {
    std::vector<std::string> names = {"a", "b", "c", "d", "e", "f"};
    std::shuffle(names.begin(), names.end(), random_);
    names.resize(static_cast<std::size_t>(1 + up_to(5)));
    RandomSubGrid grid;
    while (!names.empty()) {
      RandomSubGrid::Group group;
      const bool plain = up_to(1) == 0;
      const std::size_t fields =
          plain ? 1 : std::min(names.size(), static_cast<std::size_t>(1 + up_to(2)));
      group.names.assign(names.end() - static_cast<std::ptrdiff_t>(fields), names.end());
      names.resize(names.size() - fields);
      group.rows.resize(plain ? 1 : static_cast<std::size_t>(1 + up_to(3)));
      for (auto& row : group.rows) {
        for (std::size_t i = 0; i < fields; ++i) {
          row.push_back(plain || up_to(2) == 0 ? values() : std::vector<int>{up_to(2)});
        }
      }
      grid.groups.push_back(std::move(group));
    }
    return grid;
  }

 private:
  std::mt19937 random_;
};

std::string list_text(const std::vector<int>& values) {
  std::string text = "[";
  for (const int value : values) text += std::to_string(value) + ",";
  return text + "]";
}

std::string yaml_of(const std::vector<RandomSubGrid>& grids) {
  std::string text = "model: m\ngrid:\n";
  for (const RandomSubGrid& grid : grids) {
    std::string plain;
    std::string grouped;
    for (std::size_t g = 0; g < grid.groups.size(); ++g) {
      const auto& [names, rows] = grid.groups[g];
      if (grid.is_plain(g)) {
        plain += names[0] + ": " + list_text(rows[0][0]) + ", ";
        continue;
      }
      grouped += "{";
      for (std::size_t i = 0; i < names.size(); ++i) {
        grouped += names[i] + ": [";
        for (const auto& row : rows) grouped += list_text(row[i]) + ",";
        grouped += "], ";
      }
      grouped += "}, ";
    }
    text += "  - {" + plain + (grouped.empty() ? "" : "group: [" + grouped + "]") + "}\n";
  }
  return text;
}

using Fields = std::map<std::string, int>;

/// All configs of a sub-grid by nested recursion, the way the format describes them.
void expand(const RandomSubGrid& grid, const std::vector<std::string>& order,
            std::vector<Fields>& configs) {
  std::map<std::string, std::vector<int>> lists;  // of the rows chosen
  std::function<void(std::size_t, Fields&)> combine = [&](std::size_t i, Fields& config) {
    if (i == order.size()) {
      configs.push_back(config);
    } else if (lists.count(order[i]) == 0) {
      combine(i + 1, config);
    } else {
      for (const int value : lists[order[i]]) {
        config[order[i]] = value;
        combine(i + 1, config);
      }
    }
  };
  std::function<void(std::size_t)> choose = [&](std::size_t g) {
    if (g == grid.groups.size()) {
      Fields config;
      return combine(0, config);
    }
    for (const auto& row : grid.groups[g].rows) {
      for (std::size_t i = 0; i < row.size(); ++i) lists[grid.groups[g].names[i]] = row[i];
      choose(g + 1);
    }
  };
  choose(0);
}

Fields fields_of(const Config& config) {
  Fields fields;
  for (const auto& [name, value] : config) {
    if (name != "model") fields[std::string(name)] = static_cast<int>(value.integer());
  }
  return fields;
}

}  // namespace

TEST_CASE("random grids are numbered as nested loops number them", "[grid]") {
  for (unsigned seed = 0; seed < 300; ++seed) {
    Generator generator(seed);
    std::vector<RandomSubGrid> grids;
    for (int i = generator.up_to(3); i >= 0; --i) grids.push_back(generator.sub_grid());
    const std::string yaml = yaml_of(grids);
    CAPTURE(seed, yaml);
    const ConfigIter configs = ConfigIter::from_text(yaml);
    std::vector<Fields> expected;
    for (const RandomSubGrid& grid : grids) expand(grid, configs.grid_fields(), expected);

    REQUIRE(configs.size() == expected.size());
    std::map<Fields, std::uint64_t> first;
    std::uint64_t repeats = 0;
    for (std::uint64_t i = 0; i < expected.size(); ++i) {
      const Config config = configs.config(i);
      if (fields_of(config) != expected[i]) FAIL("config " << i << " is " << config.json());
      const auto [lowest, is_new] = first.try_emplace(expected[i], i);
      if (!is_new) ++repeats;
      if (configs.first_index(i) != lowest->second) FAIL("first_index of " << i);
      if (configs.index_of(config) != lowest->second) FAIL("index_of " << i);
    }
    CHECK(configs.duplicates() == repeats);
  }
}

TEST_CASE("fields of a config come in expansion order, absent ones left out", "[grid]") {
  const auto configs = ConfigIter::from_text(
      "grid_fields: [c, b, a]\nmodel: m\ngrid:\n  - {a: [1, 2], c: [3, 4]}\n  - {b: 5, a: 1}\n");
  std::vector<std::string> texts;
  for (const Config config : configs) texts.push_back(config.json());
  CHECK(texts == std::vector<std::string>{
                     R"({"model": "m", "c": 3, "a": 1})", R"({"model": "m", "c": 3, "a": 2})",
                     R"({"model": "m", "c": 4, "a": 1})", R"({"model": "m", "c": 4, "a": 2})",
                     R"({"model": "m", "b": 5, "a": 1})"});
}

TEST_CASE("decode gives values and texts per grid field", "[grid]") {
  const auto configs = ConfigIter::from_text("grid:\n  - {a: [[64], 1.0]}\n  - {b: null}\n");
  std::vector<const malet::GridValue*> values(2);
  configs.parsed().decode(0, values);
  CHECK(values[0]->cell == "(64,)");
  CHECK(values[0]->key == "(64,)");
  CHECK(values[1] == nullptr);
  configs.parsed().decode(1, values);
  CHECK(values[0]->cell == "1.0");
  CHECK(values[0]->key == "1");
  configs.parsed().decode(2, values);
  CHECK(values[0] == nullptr);
  CHECK(values[1]->value.is_null());
}

TEST_CASE("find goes by key texts", "[grid]") {
  const auto configs =
      ConfigIter::from_text("grid:\n  - {a: [0.0, 1e20], b: [x, null]}\n  - {a: 7}\n");
  const auto find = [&](std::string_view a, std::string_view b) {
    return configs.parsed().find(std::vector<std::string_view>{a, b});
  };
  CHECK(find("0", "x") == 0U);
  CHECK(find("0", "") == 1U);
  CHECK(find("100000000000000000000", "x") == 2U);
  CHECK(find("7", "") == 4U);
  CHECK_FALSE(find("7", "x"));
  CHECK_FALSE(find("0.0", "x"));
  CHECK_FALSE(find("", "x"));
  CHECK_FALSE(find("", ""));
}

TEST_CASE("more fields than fit on the stack are no different", "[grid]") {
  std::string yaml = "grid:\n";
  for (int i = 0; i < 40; ++i)
    yaml += "  f" + std::to_string(i) + (i < 10 ? ": [0, 1, 1]\n" : ": 0\n");
  yaml += "  group:\n";
  for (int i = 0; i < 20; ++i) yaml += "    - {g" + std::to_string(i) + ": [0, 1]}\n";
  const auto configs = ConfigIter::from_text(yaml);
  for (std::uint64_t i = 0; i < configs.size(); i += configs.size() / 1000) {
    const auto first = configs.first_index(i);
    CHECK(first <= i);
    CHECK(configs.index_of(configs[i]) == first);
    CHECK(configs.config(first) == configs[i]);
  }
}

TEST_CASE("a grid of 10^12 configs opens, decodes and finds", "[grid]") {
  std::string yaml = "model: m\ngrid:\n";
  for (int i = 0; i < 4; ++i) yaml += "  f" + std::to_string(i) + ": [i;0:1:1000]\n";
  const auto configs = ConfigIter::from_text(yaml);
  CHECK(configs.size() == 1'000'000'000'000U);
  CHECK(configs.duplicates() == 0U);
  CHECK(configs[123'456'789'012].json() ==
        R"({"model": "m", "f0": 123, "f1": 456, "f2": 789, "f3": 12})");
  std::mt19937_64 random(1);
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t index = random() % configs.size();
    CHECK(configs.index_of(configs[index]) == index);
    CHECK(configs.first_index(index) == index);
  }
}

TEST_CASE("repeats are counted up to 10^7 configs and unknown beyond", "[grid]") {
  const auto repeats = [](const std::string& yaml) {
    return ConfigIter::from_text(yaml).duplicates();
  };
  CHECK(repeats("grid: {a: [1, 1.0, 2], b: [1, 2]}") == 2U);
  CHECK(repeats("grid: [{a: [1, 2]}, {a: [2, 3]}]") == 1U);
  CHECK(repeats("grid: [{a: [1, 2], b: null}, {a: [2, 3]}]") == 1U);
  CHECK(repeats("grid: [{a: [1, 2], b: 0}, {a: [2, 3]}]") == 0U);
  CHECK(repeats("grid: {group: {a: [1, 1], b: [2, 2]}}") == 1U);
  CHECK(repeats("grid: {group: {a: [1, 1], b: [2, 3]}}") == 0U);
  CHECK(repeats("grid: {a: [1, 1], b: [i;0:1:10000]}") == 10'000U);
  CHECK(repeats("grid: {a: [1, 1], b: [i;0:1:10000], c: [i;0:1:1000]}") == std::nullopt);
  CHECK(repeats("grid: [{a: [1, 1, 2], group: {b: [[1], [2, 3]], c: [[1, 2], [3]]}}, {d: 1}]") ==
        4U);
  CHECK(repeats("grid:\n  - {a: [i;0:1:100000], b: [i;0:1:100000], s: x}\n"
                "  - {a: [i;0:1:100000], b: [i;0:1:100000], s: y}\n") == 0U);
}

TEST_CASE("repeats of millions of configs with many fields are counted", "[grid]") {
  // 9,909,000 configs of 22 fields, every second one a repeat.
  std::string yaml = "grid: {a: [0, 0], b: [i;0:1:49545], c: [i;0:1:100]";
  for (int field = 0; field < 19; ++field) yaml += ", f" + std::to_string(field) + ": 1";
  CHECK(ConfigIter::from_text(yaml + "}").duplicates() == 4'954'500U);

  // The same with sub-grids that overlap.
  std::string two = "grid:\n";
  for (const char* first : {"0", "1"}) {
    two += std::string("  - {a: [i;0:1:50000], b: [i;") + first + ":1:10" + first + "]";
    for (int field = 0; field < 19; ++field) two += ", f" + std::to_string(field) + ": 1";
    two += "}\n";
  }
  CHECK(ConfigIter::from_text(two).duplicates() == 4'950'000U);
}

TEST_CASE("many sub-grids and rows are found quickly", "[grid]") {
  std::string yaml = "grid:\n";
  for (int i = 0; i < 20'000; ++i) {
    yaml += "  - {a: " + std::to_string(i % 7) + ", b: " + std::to_string(i) + "}\n";
  }
  const auto sequence = ConfigIter::from_text(yaml);
  CHECK(sequence.duplicates() == 0U);
  // Low cardinality in each field, high in their combination.
  yaml =
      "grid:\n  group:\n    a: [i//1000%10;0:1:10000]\n    b: [i//100%10;0:1:10000]\n"
      "    c: [i//10%10;0:1:10000]\n    d: [i%10;0:1:10000]\n";
  const auto group = ConfigIter::from_text(yaml);
  CHECK(group.duplicates() == 0U);
  for (const auto* configs : {&sequence, &group}) {
    for (std::uint64_t i = 0; i < configs->size(); ++i) {
      if (configs->index_of((*configs)[i]) != i) FAIL("index_of " << i);
    }
  }
}

TEST_CASE("a config outlives the grid it came from", "[grid]") {
  Config config;
  {
    const auto configs =
        ConfigIter::from_text("model: m\ngrid: {a: ['long enough for the heap']}\n");
    config = configs[0];
  }
  CHECK(config.get<std::string>("a") == "long enough for the heap");
  CHECK(config.get<std::string>("model") == "m");
}
