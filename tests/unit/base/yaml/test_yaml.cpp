#include <string>
#include <vector>

#include "base/yaml/yaml.hpp"
#include "catch.hpp"
#include "malet/error.hpp"

using malet::Error;
using malet::ErrorKind;
using malet::Value;
using malet::base::yaml::Node;
using malet::base::yaml::Schema;

namespace {

Node parse(std::string_view text, Schema schema = Schema::core) {
  return malet::base::yaml::parse(text, "f.yaml", schema);
}

std::string json(std::string_view text, Schema schema = Schema::core) {
  return malet::to_json(malet::base::yaml::to_value(parse(text, schema)));
}

/// The message of the error that the text causes; empty if it causes none.
std::string error_of(std::string_view text, Schema schema = Schema::core) {
  try {
    parse(text, schema);
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::bad_input);
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("maps, lists and scalars keep their order and their types", "[yaml]") {
  CHECK(json("b: 1\na: [1, 2.5, x, true, null]\nc: {d: e}\n") ==
        R"({"b": 1, "a": [1, 2.5, "x", true, null], "c": {"d": "e"}})");
  CHECK(json("- 1\n- [2, 3]\n") == "[1, [2, 3]]");
  CHECK(json("a: |\n  x\n  y\nb: >-\n  x\n  y\n") == R"({"a": "x\ny\n", "b": "x y"})");
}

TEST_CASE("an empty document is an empty map", "[yaml]") {
  for (const char* text : {"", "\n", "# only a comment\n", "---\n", "--- # nothing\n...\n"}) {
    CHECK(parse(text).kind == Node::Kind::map);
    CHECK(json(text) == "{}");
  }
}

TEST_CASE("quoted scalars are text", "[yaml]") {
  CHECK(json(R"(a: "1"
b: 'true'
c: ! 3
d: "null"
)") == R"({"a": "1", "b": "true", "c": "3", "d": "null"})");
  const Node root = parse("a: '1'\nb: 1\n");
  CHECK_FALSE(root.find("a")->plain);
  CHECK(root.find("b")->plain);
  CHECK(root.find("b")->text == "1");
}

TEST_CASE("a blank null and a written one can be told apart", "[yaml]") {
  const Node root = parse("é: é\na:\nb: null\nc: ~\n");
  CHECK(root.find("a")->scalar.is_null());
  CHECK(root.find("a")->text.empty());
  CHECK(root.find("b")->scalar.is_null());
  CHECK(root.find("b")->text == "null");
  CHECK(root.find("c")->text == "~");
}

TEST_CASE("nodes know their lines", "[yaml]") {
  const Node root = parse("\xEF\xBB\xBF# one\na: 1\n\nb:\n  - x\n  - {c: 1,\n     d: 2}\n");
  REQUIRE(root.keys.size() == 2);
  CHECK(root.keys[0].second == 2);
  CHECK(root.keys[1].second == 4);
  const Node& list = *root.find("b");
  CHECK(list.items[0].line == 5);
  CHECK(list.items[1].line == 6);
  CHECK(list.items[1].keys[1].second == 7);
}

TEST_CASE("aliases are expanded", "[yaml]") {
  CHECK(json("a: &x [1, 2]\nb: *x\nc: [*x, *x]\n") ==
        R"({"a": [1, 2], "b": [1, 2], "c": [[1, 2], [1, 2]]})");
  CHECK(json("a: &x 1\nb: *x\n") == R"({"a": 1, "b": 1})");
  CHECK(json("&k 5: a\nb: *k\n") == R"({"5": "a", "b": 5})");
  CHECK(json("a: &x k\n*x : b\n") == R"({"a": "k", "k": "b"})");
}

TEST_CASE("merge keys are merged as PyYAML merges them", "[yaml]") {
  CHECK(json("a: &a {x: 1, y: 2}\nb:\n  z: 0\n  <<: *a\n  y: 3\n") ==
        R"({"a": {"x": 1, "y": 2}, "b": {"x": 1, "y": 3, "z": 0}})");
  CHECK(json("a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc:\n  <<: [*a, *b]\n") ==
        R"({"a": {"x": 1}, "b": {"x": 2, "y": 2}, "c": {"x": 1, "y": 2}})");
  CHECK(json("a: {'<<': 1}\n") == R"({"a": {"<<": 1}})");
}

TEST_CASE("tags of the standard types are obeyed", "[yaml]") {
  CHECK(json("a: !!str 1\nb: !!float 1\nc: !!int '5'\nd: !!map {}\ne: !!seq []\nf: !!bool yes\n") ==
        R"({"a": "1", "b": 1.0, "c": 5, "d": {}, "e": [], "f": true})");
  CHECK_THAT(error_of("a: !mine 1\n"), ContainsSubstring("f.yaml:1: ") && ContainsSubstring("tag"));
  CHECK_THAT(error_of("a: !mine [1]\n"), ContainsSubstring("tag"));
  CHECK_THAT(error_of("a: !!int x\n"), ContainsSubstring("tag"));
}

TEST_CASE("the header of a log may have Python's tags", "[yaml]") {
  CHECK(json("a: !!python/tuple\n- 1\n- 2\n", Schema::pyyaml) == R"({"a": [1, 2]})");
  CHECK(json("a: !!python/name:x.y ''\n", Schema::pyyaml) == R"({"a": ""})");
}

TEST_CASE("each misuse of YAML is an error with its line", "[yaml]") {
  struct Case {
    const char* text;
    const char* place;
    const char* reason;
  };
  const std::vector<Case> cases = {
      {"a: 1\na: 2\n", "f.yaml:2: ", "second time"},
      {"x: {b: 1,\n b: 2}\n", "f.yaml:2: ", "second time"},
      {"a: [1, 2\nb: 3\n", "f.yaml:", "no valid YAML"},
      {"a: 1\n b: 2\n", "f.yaml:2: ", "no valid YAML"},
      {"a: }\n", "f.yaml:1: ", "no valid YAML"},
      {"x: 1\na: \"abc\n", "f.yaml:2: ", "not closed"},
      {"a: 'it''s\nb: 1\n", "f.yaml:1: ", "not closed"},
      {"a: &x [*x]\n", "f.yaml:1: ", "inside of what it names"},
      {"a: *x\n", "f.yaml:1: ", "anchor"},
      {"a: 1\n---\nb: 2\n", "f.yaml:2: ", "only one"},
      {"[1]\nfoo: 2\n", "f.yaml:2: ", "only one"},
      {"{a: 1}: 2\n", "f.yaml:1: ", "name of a field"},
      {"? [a]\n: 2\n", "f.yaml:1: ", "name of a field"},
      {": 1\n", "f.yaml:1: ", "no name"},
      {"a: 99999999999999999999\n", "f.yaml:1: ", "64 bits"},
      {"a:\n  <<: 5\n", "f.yaml:2: ", "merge key"},
      {"a: &a {}\nb:\n  <<: *a\n  <<: *a\n", "f.yaml:4: ", "twice"},
      {"a: 1\nb: \x01\n", "f.yaml:2: ", "control character"},
      {"a: 1\nb: \xff\n", "f.yaml:2: ", "UTF-8"},
      {"a: \xc0\x80\n", "f.yaml:1: ", "UTF-8"},
  };
  for (const Case& bad : cases) {
    CAPTURE(bad.text);
    const std::string message = error_of(bad.text);
    CHECK_THAT(message, ContainsSubstring(bad.place) && ContainsSubstring(bad.reason));
    CHECK(message.find('\n') == std::string::npos);
  }
  CHECK_THAT(error_of(std::string("a: \0b\n", 6)), ContainsSubstring("control character"));
  CHECK_THAT(error_of("a: x\x04\nb: 2\n"), ContainsSubstring("control character"));
}

TEST_CASE("deep nesting is an error and not a stack overflow", "[yaml]") {
  const auto repeat = [](const std::string& text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
  };
  CHECK(error_of("a: " + repeat("[", 62) + repeat("]", 62)).empty());
  CHECK_THAT(error_of("a: " + repeat("[", 100) + repeat("]", 100)), ContainsSubstring("deeper"));
  for (const char* opening : {"[", "{", "- ", "? ", "a:\n ", "[{a: ", "!!seq [", "&a ["}) {
    CHECK_FALSE(error_of("a: " + repeat(opening, 50'000)).empty());
    CHECK_FALSE(error_of(repeat(opening, 50'000)).empty());
  }
  // Deep by aliases: each level names the one before.
  std::string text = "a0: &a0 " + repeat("[", 60) + repeat("]", 60) + "\n";
  text += "a1: [[[[[[[[*a0]]]]]]]]\n";
  CHECK_THAT(error_of(text), ContainsSubstring("deeper"));
}

TEST_CASE("alias bombs are errors", "[yaml]") {
  std::string text = "a: &a [x,x,x,x,x,x,x,x,x]\n";
  for (char c = 'b'; c < 'l'; ++c) {
    const std::string before = "*" + std::string(1, static_cast<char>(c - 1));
    text += std::string(1, c) + ": &" + std::string(1, c) + " [" + before;
    for (int i = 0; i < 8; ++i) text += "," + before;
    text += "]\n";
  }
  CHECK_THAT(error_of(text), ContainsSubstring("aliases"));

  std::string large = "a: &a " + std::string(1'000'000, 'x') + "\nb: [*a";
  for (int i = 0; i < 100; ++i) large += ",*a";
  CHECK_THAT(error_of(large + "]\n"), ContainsSubstring("aliases"));

  std::string merges = "a: &a {x: 1, y: [*b]}\n";
  merges = "b: &b 1\n" + merges + "c: {<<: [*a";
  for (int i = 0; i < 300'000; ++i) merges += ",*a";
  CHECK_THAT(error_of(merges + "]}\n"), ContainsSubstring("aliases"));
}
