#include <string>
#include <vector>

#include "catch.hpp"
#include "malet/config_iter.hpp"
#include "malet/error.hpp"
#include "plan/document.hpp"

using malet::Error;
using malet::ErrorKind;
using malet::plan::Document;

namespace {

Document parse(std::string_view yaml) {
  return malet::plan::parse_document(yaml, "e.yaml");
}

/// The message of the error that opening the text causes; empty if it causes none.
std::string document_error(std::string_view yaml) {
  try {
    static_cast<void>(malet::ConfigIter::from_text(yaml, "e.yaml"));
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::bad_input);
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("everything but grid and grid_fields is a static config, in order", "[document]") {
  const Document document =
      parse("b: 1\ngrid_fields: [x]\na: {c: [1]}\ngrid: {x: [1, 2]}\nafter: true\n");
  CHECK(malet::to_json(malet::Value(document.static_configs)) ==
        R"({"b": 1, "a": {"c": [1]}, "after": true})");
  CHECK(document.grid_fields == std::vector<std::string>{"x"});
}

TEST_CASE("without a grid there is one config of the static fields", "[document]") {
  for (const char* yaml : {"a: 1\n", "a: 1\ngrid:\n", "a: 1\ngrid: null\n", "a: 1\ngrid: {}\n",
                           "a: 1\ngrid: {}\ngrid_fields: []\n", "a: 1\ngrid_fields:\n"}) {
    CAPTURE(yaml);
    const Document document = parse(yaml);
    CHECK(document.sub_grids.size() == 1);
    CHECK(document.grid_fields.empty());
    CHECK(document.grid.empty());
  }
}

TEST_CASE("fields come in order of first appearance, grouped ones at their group", "[document]") {
  const Document document = parse(
      "grid:\n  - z: 1\n    group: [{b: [1], y: [1]}, {a: [2]}]\n    c: 1\n  - c: 1\n    d: 1\n");
  CHECK(document.grid_fields == std::vector<std::string>{"z", "b", "y", "a", "c", "d"});
}

TEST_CASE("a scalar stands for a list of one value, in groups too", "[document]") {
  const Document document =
      parse("grid:\n  a: 5\n  b: x\n  n: null\n  group:\n    c: [1, [2, 3]]\n    d: [[[7]], 8]\n");
  const auto& groups = document.sub_grids.at(0);
  REQUIRE(groups.size() == 4);
  using List = malet::Value::List;
  CHECK(groups[0][0].rows == std::vector<List>{{5}});
  CHECK(groups[2][0].rows == std::vector<List>{{malet::Value()}});
  CHECK(groups[3][0].rows == std::vector<List>{{1}, {2, 3}});
  CHECK(groups[3][1].rows == std::vector<List>{{malet::Value(List{7})}, {8}});
  CHECK(document_error("grid: {group: {a: 1, b: 2}}\n").empty());
}

TEST_CASE("explicit grid_fields set the order", "[document]") {
  const Document document = parse("grid_fields: [b, '1', a]\ngrid: {a: 1, b: 1, 1: 1}\n");
  CHECK(document.grid_fields == std::vector<std::string>{"b", "1", "a"});
}

TEST_CASE("each bad file is an error with file, line and field", "[document]") {
  struct Case {
    const char* yaml;
    const char* place;
    const char* reason;
  };
  const std::vector<Case> cases = {
      {"- a\n- b\n", "e.yaml:1: ", "map of fields"},
      {"# c\njust text\n", "e.yaml:2: ", "map of fields"},
      {"", "e.yaml:1: ", "says nothing"},
      {"# c\n\n# d\n", "e.yaml:1: ", "says nothing"},
      {"---\n", "e.yaml:1: ", "says nothing"},
      {"...\n", "e.yaml:1: ", "says nothing"},
      {"%garbage\n", "e.yaml:1: ", "says nothing"},
      {"{}\n", "e.yaml:1: ", "says nothing"},
      {"null\n", "e.yaml:1: ", "map of fields"},
      {"a: 1\ngrid: 5\n", "e.yaml:2: ", "'grid' must be a map"},
      {"grid: []\n", "e.yaml:1: ", "'grid' is an empty list"},
      {"grid:\n  - a: 1\n  - 5\n", "e.yaml:3: ", "every item of 'grid'"},
      {"grid:\n  - a: 1\n  - {}\n", "e.yaml:3: ", "every item of 'grid'"},
      {"grid: [i;1:1:3]\n", "e.yaml:1: ", "'grid' must be a map"},
      {"lr: 1\ngrid:\n  lr: [1, 2]\n", "e.yaml:3: ", "'lr' stands in the grid and outside"},
      {"lr: 1\ngrid:\n  group: {lr: [1]}\n", "e.yaml:3: ", "'lr' stands in the grid and outside"},
      {"grid:\n  lr: []\n", "e.yaml:2: ", "'lr' of the grid has no values"},
      {"grid:\n  lr: [i;0:1:0]\n", "e.yaml:2: ", "'lr' of the grid has no values"},
      {"grid:\n  lr:\n", "e.yaml:2: ", "'lr' of the grid has no values"},
      {"grid:\n  lr: {a: 1}\n", "e.yaml:2: ", "'lr' of the grid is a map"},
      {"grid:\n  id: [1]\n", "e.yaml:2: ", "'id' has the name of a column"},
      {"grid:\n  x: 1\n  status: [1]\n", "e.yaml:3: ", "'status' has the name of a column"},
      {"grid:\n  group: {duration: [1]}\n", "e.yaml:2: ", "'duration' has the name"},
      {"grid:\n  '': [1]\n", "e.yaml:2: ", "the field '' of the grid"},
      {"grid:\n  a:\n    - x\n    - \"y\\0\"\n",
       "e.yaml:4: ", "'a' of the grid has a text with a NUL"},
      {"grid:\n  group:\n    a: [1, [2, \"\\0\"]]\n", "e.yaml:3: ", "with a NUL"},
      {"grid:\n  a: \"\\0\"\n", "e.yaml:2: ", "with a NUL"},
      {"grid:\n  ' a': [1]\n", "e.yaml:2: ", "begins or ends with a blank"},
      {"grid:\n  'a\"b': [1]\n", "e.yaml:2: ", "holds a quote"},
      {"grid: {x: 1}\nstatus: 1\n", "e.yaml:2: ", "'status' has the name of a column"},
      {"grid:\n  \"a\\tb\": [1]\n", "e.yaml:2: ", "control character"},
      {"grid:\n  lr: 1\n  group: {lr: [1]}\n", "e.yaml:3: ", "'lr' stands twice"},
      {"grid:\n  group:\n    - {a: [1]}\n    - {a: [2]}\n", "e.yaml:4: ", "'a' stands twice"},
      {"grid:\n  group: []\n", "e.yaml:2: ", "'group' is an empty list"},
      {"grid:\n  group: {}\n", "e.yaml:2: ", "'group' must be a map"},
      {"grid:\n  group: 5\n", "e.yaml:2: ", "'group' must be a map"},
      {"grid:\n  group: [1, 2]\n", "e.yaml:2: ", "'group' must be a map"},
      {"grid:\n  group:\n    a: []\n", "e.yaml:3: ", "'a' of the grid has no values"},
      {"grid:\n  group:\n    a: [[1], []]\n", "e.yaml:3: ", "'a' has an empty list as a row"},
      {"grid:\n  x: 1\n  group: {a: [1, 2], b: [1, 2, 3]}\n",
       "e.yaml:3: ", "'a' has 2 where 'b' has 3"},
      {"x: 1\ngrid_fields: [a]\ngrid: {a: 1, b: 1}\n", "e.yaml:2: ", "lacks the grid's field 'b'"},
      {"grid_fields:\n  - a\n  - c\ngrid: {a: 1}\n", "e.yaml:3: ", "names 'c', which is no field"},
      {"grid_fields: [\"c\\nd\"]\ngrid: {a: 1}\n", "e.yaml:1: ", "names 'c d', which"},
      {"\"c\\nd\": 1\n\"c\\nd\": 2\n", "e.yaml:2: ", "'c d' stands here a second time"},
      {"grid_fields: [a, a]\ngrid: {a: 1}\n", "e.yaml:1: ", "names 'a' twice"},
      {"grid_fields: [[a]]\ngrid: {a: 1}\n", "e.yaml:1: ", "names only"},
      {"grid_fields: a\ngrid: {a: 1}\n", "e.yaml:1: ", "list of field names"},
      {"grid_fields: [a]\n", "e.yaml:1: ", "names 'a', which is no field"},
      {"grid:\n  a: 1\n  a: 2\n", "e.yaml:3: ", "second time"},
      {"grid:\n  lr: [1/i;0:1:3]\n", "e.yaml:2: ", "field 'lr'"},
      {"a: 1\na: 2\n", "e.yaml:2: ", "'a' stands here a second time"},
  };
  for (const Case& bad : cases) {
    CAPTURE(bad.yaml);
    const std::string message = document_error(bad.yaml);
    CHECK_THAT(message, ContainsSubstring(bad.place) && ContainsSubstring(bad.reason));
    CHECK(message.find('\n') == std::string::npos);
  }
}

TEST_CASE("a grid beyond 2^63 configs is an error", "[document]") {
  const auto digits = [](int fields) {
    std::string yaml = "model: m\ngrid:\n";
    for (int i = 0; i < fields; ++i) {
      yaml += "  f" + std::to_string(i) + ": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\n";
    }
    return yaml;
  };
  CHECK(malet::ConfigIter::from_text(digits(18)).size() == 1'000'000'000'000'000'000U);
  CHECK_THAT(document_error(digits(19)),
             ContainsSubstring("e.yaml:2: ") && ContainsSubstring("2^63"));
  CHECK_THAT(document_error(digits(200)), ContainsSubstring("2^63"));

  std::string groups = "grid:\n  group:\n";
  for (int i = 0; i < 64; ++i) groups += "    - {g" + std::to_string(i) + ": [1, 2]}\n";
  CHECK_THAT(document_error(groups), ContainsSubstring("2^63"));

  std::string sequence = "grid:\n";
  for (int g = 0; g < 10; ++g) {
    sequence += "  - a: 1\n";
    for (int i = 0; i < 18; ++i) {
      sequence += "    f" + std::to_string(i) + ": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\n";
    }
  }
  CHECK_THAT(document_error(sequence), ContainsSubstring("2^63"));
}
