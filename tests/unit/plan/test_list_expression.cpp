#include <string>

#include "catch.hpp"
#include "malet/error.hpp"
#include "plan/list_expression.hpp"

using malet::Error;
using malet::Value;
using malet::base::yaml::Node;
using malet::plan::ListExpressions;

namespace {

std::string expand(std::string_view text) {
  malet::plan::Work work;
  return malet::to_json(Value(malet::plan::expand_list_expression(text, work)));
}

std::string list_error(std::string_view text) {
  try {
    static_cast<void>(expand(text));
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

/// The values of a YAML text, as JSON.
std::string load(std::string_view yaml, malet::plan::Work work = {}) {
  ListExpressions lists(yaml, "f.yaml", work);
  Node root = malet::base::yaml::parse(lists.text(), "f.yaml", malet::base::yaml::Schema::core);
  lists.substitute(root);
  return malet::to_json(malet::base::yaml::to_value(root));
}

std::string load_error(std::string_view yaml, malet::plan::Work work = {}) {
  try {
    static_cast<void>(load(yaml, work));
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("ranges are Python's: the stop is not reached", "[list_expression]") {
  CHECK(expand("i;0:2:7") == "[0, 2, 4, 6]");
  CHECK(expand("i;0:2:8") == "[0, 2, 4, 6]");
  CHECK(expand("i;5:-2:0") == "[5, 3, 1]");
  CHECK(expand("i;0:1:0") == "[]");
  CHECK(expand("i;0:-1:5") == "[]");
  CHECK(expand("10**(-i);1:1:4") == "[0.1, 0.01, 0.001]");
}

TEST_CASE("several ranges are joined by two dashes", "[list_expression]") {
  CHECK(expand("2*i+1;0:2:6--11:5:22") == "[1, 5, 9, 23, 33, 43]");
  CHECK(expand("i;1:-1:-2---3:1:-1") == "[1, 0, -1, -3, -2]");
  CHECK(expand(" i ; 1 : 1 : 3 -- 7 : 1 : 8 ") == "[1, 2, 7]");
}

TEST_CASE("range bounds may be constant expressions", "[list_expression]") {
  CHECK(expand("i;2**2:10//5:10") == "[4, 6, 8]");
  CHECK_THAT(list_error("i;i:1:3"), ContainsSubstring("depends on i"));
  CHECK_THAT(list_error("i;0.5:1:3"), ContainsSubstring("no integer"));
  CHECK_THAT(list_error("i;4/2:1:3"), ContainsSubstring("no integer"));
}

TEST_CASE("ranges at the ends of 64 bits neither overflow nor hang", "[list_expression]") {
  CHECK(expand("i;9223372036854775806:1:9223372036854775807") == "[9223372036854775806]");
  CHECK(expand("i;9223372036854775806:9223372036854775807:9223372036854775807") ==
        "[9223372036854775806]");
  CHECK_THAT(list_error("i;-9223372036854775807:1:9223372036854775807"),
             ContainsSubstring("more than 1000000"));
}

TEST_CASE("bad list expressions say what is wrong", "[list_expression]") {
  CHECK_THAT(list_error("i;1:0:4"), ContainsSubstring("step 0"));
  CHECK_THAT(list_error("i;1:4"), ContainsSubstring("start:step:stop"));
  CHECK_THAT(list_error("i;1:1:4:5"), ContainsSubstring("start:step:stop"));
  CHECK_THAT(list_error("i;"), ContainsSubstring("start:step:stop"));
  CHECK_THAT(list_error("i;1:1:3--"), ContainsSubstring("start:step:stop"));
  CHECK_THAT(list_error("1/(i-2);1:1:4"), ContainsSubstring("division by zero, at i = 2"));
  CHECK_THAT(list_error("i;0:1:1000001"), ContainsSubstring("more than 1000000"));
  CHECK_THAT(list_error("i;0:1:999999--0:1:999999"), ContainsSubstring("more than 1000000"));
  CHECK_THAT(list_error("[0]*1000;0:1:2000"), ContainsSubstring("more than 1000000"));
  CHECK_THAT(list_error("i"), ContainsSubstring("semicolon"));
}

TEST_CASE("list expressions in a file become lists", "[list_expression]") {
  CHECK(load("a: [10**{-i};1:1:3]\nb: [[i, i];0:1:2]\n") ==
        R"({"a": [0.1, 0.01], "b": [[0, 0], [1, 1]]})");
  CHECK(load("a: [[i;0:1:2], 5, {b: [i;0:1:3]}]\n") == R"({"a": [[0, 1], 5, {"b": [0, 1, 2]}]})");
  CHECK(load("a: &x [i;0:1:2]\nb: *x\n") == R"({"a": [0, 1], "b": [0, 1]})");
  CHECK(load("a: [2*i # twice [;:]\n  ;0:1:2]\nb: 1\n") == R"({"a": [0, 2], "b": 1})");
  CHECK(load("a: [i;0:1:0]\n") == R"({"a": []})");
}

TEST_CASE("quoted text that holds a list expression stays text", "[list_expression]") {
  CHECK(load("a: 'x [i;0:1:2]'\nb: [i;0:1:2]\n") == R"({"a": "x [i;0:1:2]", "b": [0, 1]})");
}

TEST_CASE("what stands behind a list expression does not turn it into text", "[list_expression]") {
  for (const char* yaml : {"lr: [i;0:1:2],\n", "lr: [i;0:1:2] oops\n", "lr: [i;0:1:2][j;1:1:3]\n",
                           "lr: [i;0:1:2]# x\n", "lr: [i;0:1:2]]\n", "lr: [i;0:1:2] 'x'\n",
                           "lr: {a: [i;0:1:2] x}\n"}) {
    CAPTURE(yaml);
    CHECK_THAT(load_error(yaml), ContainsSubstring("f.yaml:1: behind the list expression "
                                                   "'[i;0:1:2]' stands '"));
  }
  CHECK_THAT(load_error("a: 1\nlr: [i\n ;0:1:2],\n"), ContainsSubstring("f.yaml:3: behind"));
  for (const char* yaml : {"lr: [i;0:1:2]\n  oops\n", "lr: [i;0:1:2]\n  [i;0:1:2]\n",
                           "lr: [a [i;0:1:2]]\n", "? [i;0:1:2]\n: 1\n", "[i;0:1:2]: 1\n"}) {
    CAPTURE(yaml);
    CHECK_THAT(load_error(yaml), ContainsSubstring("f.yaml:"));
    CHECK_THAT(load_error(yaml), !ContainsSubstring("malet_"));
  }
}

TEST_CASE("comments, tags and anchors stand beside list expressions", "[list_expression]") {
  CHECK(load("lr: [i;0:1:2] # x\nb: [i;0:1:2]  \t# y\r\n") == R"({"lr": [0, 1], "b": [0, 1]})");
  CHECK(load("a: !!seq [i;0:1:2]\nb: ! [i;0:1:2]\nc: {d: !!seq &x [i;0:1:2] }\n") ==
        R"({"a": [0, 1], "b": [0, 1], "c": {"d": [0, 1]}})");
  CHECK(load("[[i;0:1:2]\n,[i;0:1:2] # x\n, [i\n;0:1:2]]\n") == "[[0, 1], [0, 1], [0, 1]]");
  CHECK(load("a:\n  [i;0:\n1:2]\n") == R"({"a": [0, 1]})");
  const std::string message = load_error("a: !!int [i;0:1:2]\n");
  CHECK_THAT(message, ContainsSubstring("f.yaml:1: the tag") && !ContainsSubstring("malet_"));
}

TEST_CASE("lines keep their numbers", "[list_expression]") {
  ListExpressions lists("a: [2*i\n\n ;0:1:2]\nb: 1\n", "f.yaml");
  const Node root =
      malet::base::yaml::parse(lists.text(), "f.yaml", malet::base::yaml::Schema::core);
  CHECK(root.keys.at(1).second == 4);
}

TEST_CASE("an error names file, line, field and expression", "[list_expression]") {
  const std::string message = load_error("x: 1\ngrid:\n  lr: [1/i;0:1:2]\n");
  CHECK_THAT(message, ContainsSubstring("f.yaml:3: field 'lr'") &&
                          ContainsSubstring("[1/i;0:1:2]") &&
                          ContainsSubstring("division by zero"));
}

TEST_CASE("an error is one sentence on one line, however long the text", "[list_expression]") {
  const std::string blanks(5000, ' ');
  const std::string digits(5000, '7');
  for (const std::string& yaml :
       {std::string("lr: [1/i\n;0:1:2]\n"), std::string("lr: [i; 1:1:3,\n       5]\n"),
        std::string("lr: [i; 1:1:3\n\t:5]\n"), std::string("lr: [i; 1:0\r\n  :3]\n"),
        std::string("lr: [i $\n\n x; 1:1:3]\n"), "lr: [i;1:1:" + blanks + digits + "]\n",
        "lr: [i;1:1:" + digits + ":1]\n", "lr: [i;1:1:3] " + digits + "\n"}) {
    const std::string message = load_error(yaml);
    CAPTURE(message);
    CHECK_FALSE(message.empty());
    CHECK(message.find_first_of("\n\r\t") == std::string::npos);
    CHECK(message.size() < 400);
  }
}

TEST_CASE("a file's list expressions are limited together", "[list_expression]") {
  std::string yaml = "a: &x [i;0:1:999999]\nb: [";
  for (int i = 0; i < 100; ++i) yaml += "*x,";
  CHECK_THAT(load_error(yaml + "]\n"), ContainsSubstring("more than 4000000"));

  const std::string two = "a: [i+1;0:1:100]\nb: [i+2;0:1:100]\n";
  CHECK(load_error(two, malet::plan::Work{700}).empty());
  CHECK_THAT(load_error(two, malet::plan::Work{500}),
             ContainsSubstring("field 'b'") && ContainsSubstring("steps"));
}
