#include <string>
#include <vector>

#include "catch.hpp"
#include "plan/yaml_brackets.hpp"

namespace {

/// The list expressions found, joined by blanks.
std::string found(std::string_view yaml) {
  std::string all;
  for (const auto& list : malet::plan::find_list_expressions(yaml)) {
    CHECK(yaml[list.begin] == '[');
    CHECK(yaml[list.semicolon] == ';');
    CHECK(yaml[list.end - 1] == ']');
    if (!all.empty()) all += ' ';
    all += yaml.substr(list.begin, list.end - list.begin);
  }
  return all;
}

}  // namespace

TEST_CASE("list expressions are found where a YAML list may stand", "[brackets]") {
  CHECK(found("lr: [i;1:1:4]\n") == "[i;1:1:4]");
  CHECK(found("lr: [10**{-i};1:1:5]\nb: [2*i;0:1:3]") == "[10**{-i};1:1:5] [2*i;0:1:3]");
  CHECK(found("- [i;1:1:4]\n- - [i;1:1:5]\n") == "[i;1:1:4] [i;1:1:5]");
  CHECK(found("a: {b: [i;1:1:4], c: [i;1:1:5]}") == "[i;1:1:4] [i;1:1:5]");
  CHECK(found("a: [[i;1:1:4], [1]]") == "[i;1:1:4]");
  CHECK(found("a: &x [i;1:1:4]\nb: !!seq [i;1:1:5]") == "[i;1:1:4] [i;1:1:5]");
  CHECK(found("a:\n  [2*i # twice\n   ;1:1:4]\n") == "[2*i # twice\n   ;1:1:4]");
  CHECK(found("'quoted key': [i;1:1:4]") == "[i;1:1:4]");
  CHECK(found("a: x\n\n# comment's quote\nb: [i;1:1:4]") == "[i;1:1:4]");
  CHECK(found("a: {i}\nb: [{i}*2;1:1:4]") == "[{i}*2;1:1:4]");
}

TEST_CASE("the outer one of nested list expressions is found", "[brackets]") {
  CHECK(found("a: [[i, 2*i];1:1:4]") == "[[i, 2*i];1:1:4]");
  CHECK(found("a: [[i;1:1:2];1:1:4]") == "[[i;1:1:2];1:1:4]");
}

TEST_CASE("a list expression knows whether brackets stand around it", "[brackets]") {
  const auto all = malet::plan::find_list_expressions("a: [i;1:1:4]\nb: {c: [i;1:1:4]}\n");
  REQUIRE(all.size() == 2);
  CHECK_FALSE(all[0].nested);
  CHECK(all[1].nested);
}

TEST_CASE("what only looks like a list expression is passed over", "[brackets]") {
  for (const char* text :
       {"a: 'x [i;1:1:4]'", "a: \"x \\\" [i;1:1:4]\"", "a: 'it''s [i;1:1:4]'", "# [i;1:1:4]\n",
        "a: x # [i;1:1:4]\n", "a: run[i;1:1:4]\n", "a: some text [i;1:1:4]\n", "a: ['x;1:1:4', b]",
        "a: [b;c, d]", "a: [b:c]", "a: x\n  [i;1:1:4]\n", "a: [\"b\";1:1:4]", "a: {b;1:1:4}",
        "a: [i;1:1:4", "a: i;1:1:4]", "a: [{i;1:1:4}]"}) {
    CAPTURE(text);
    CHECK(found(text).empty());
  }
}

TEST_CASE("block scalars are passed over as far as they go", "[brackets]") {
  CHECK(found("a: |\n  [i;1:1:4]\n\n  'x\nb: [i;1:1:5]\n") == "[i;1:1:5]");
  CHECK(found("- a: >-\n    [i;1:1:4]\n  b: [i;1:1:5]\n") == "[i;1:1:5]");
  CHECK(found("- |2\n   [i;1:1:4]\n- [i;1:1:5]\n") == "[i;1:1:5]");
  CHECK(found("a:\n  - |\n    [i;1:1:4]\n  - [i;1:1:5]") == "[i;1:1:5]");
  CHECK(found("--- |\n [i;1:1:4]\n") == "");
  CHECK(found("a: |\r\n  [i;1:1:4]\r\nb: [i;1:1:5]\r\n") == "[i;1:1:5]");
}

TEST_CASE("a quote inside of plain text does not hide what follows", "[brackets]") {
  CHECK(found("a: it's\nb: [i;1:1:4]\nc: isn't") == "[i;1:1:4]");
  CHECK(found("a: it\n  'is\nb: [i;1:1:4]\n") == "[i;1:1:4]");
}

TEST_CASE("finding takes linear time", "[brackets]") {
  std::string text(2'000'000, '[');
  CHECK(found(text).empty());
  text.clear();
  for (int i = 0; i < 200'000; ++i) text += "[;:";
  CHECK(found(text).empty());
  text += std::string(200'000, ']');
  CHECK(malet::plan::find_list_expressions(text).size() == 1);
}
