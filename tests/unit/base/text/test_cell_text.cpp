#include <limits>

#include "catch.hpp"
#include "malet/value.hpp"

using malet::from_cell;
using malet::ListStyle;
using malet::to_cell;
using malet::to_key;
using malet::Value;

TEST_CASE("reals are written as Python's repr writes them") {
  const double inf = std::numeric_limits<double>::infinity();
  const std::vector<std::pair<double, std::string>> cases = {
      {1.0, "1.0"},
      {-1.0, "-1.0"},
      {0.0, "0.0"},
      {-0.0, "-0.0"},
      {0.1, "0.1"},
      {0.0001, "0.0001"},
      {0.00001, "1e-05"},
      {1.5e-7, "1.5e-07"},
      {123456789.123456789, "123456789.12345679"},
      {1e15, "1000000000000000.0"},
      {1e16, "1e+16"},
      {1.25e22, "1.25e+22"},
      {1e100, "1e+100"},
      {5e-324, "5e-324"},
      {1.7976931348623157e308, "1.7976931348623157e+308"},
      {0.1 + 0.2, "0.30000000000000004"},
      {inf, "inf"},
      {-inf, "-inf"},
  };
  for (const auto& [value, text] : cases) CHECK(to_cell(value) == text);
}

TEST_CASE("null and NaN are empty cells, and are named inside lists") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(to_cell(Value()).empty());
  CHECK(to_cell(nan).empty());
  CHECK(to_cell(Value::List{nan, Value(), -1.0}) == "[nan, None, -1.0]");
}

TEST_CASE("lists are written as lists or tuples") {
  CHECK(to_cell(Value::List{1, 2.5, "a", true}) == "[1, 2.5, 'a', True]");
  CHECK(to_cell(Value::List{64}, ListStyle::tuple) == "(64,)");
  CHECK(to_cell(Value::List{}, ListStyle::tuple) == "()");
  CHECK(to_cell(Value::List{Value::List{1}, Value::List{}}, ListStyle::tuple) == "((1,), ())");
}

TEST_CASE("text inside lists is quoted as by repr, alone it is raw") {
  CHECK(to_cell("it's") == "it's");
  CHECK(to_cell(Value::List{"it's"}) == "[\"it's\"]");
  CHECK(to_cell(Value::List{"it's \"so\""}) == "['it\\'s \"so\"']");
  CHECK(to_cell(Value::List{"a\tb\n\\"}) == "['a\\tb\\n\\\\']");
  CHECK(to_cell(Value::Map{{"a", 1}, {"b", Value::List{true}}}) == "{'a': 1, 'b': [True]}");
}

TEST_CASE("a cell's text gives its value back") {
  for (const Value& value :
       {Value(), Value(true), Value(-7), Value(1e-5), Value("alpha beta"), Value(Value::List{}),
        Value(Value::List{1, 2.0, "x, 'y'", Value(), Value::List{false}}),
        Value(Value::Map{{"k", Value::List{1, "\xC3\xA9"}}})}) {
    CHECK(from_cell(to_cell(value)) == value);
    CHECK(from_cell(to_cell(value, ListStyle::tuple)) == value);
  }
}

TEST_CASE("what is no literal is text") {
  for (const std::string text :
       {"alpha", "1.2.3", "[1, 2", "(1)", "[a]", "{1: 2}", "true", "1e", "--1", "0x10", "infinity",
        "123456789012345678901234567890", "[1 2]", "'x'", "2026-01-02 03:04:05"}) {
    CHECK(from_cell(text) == Value(text));
  }
  CHECK(from_cell(std::string(1000, '[')).is_text());
}

TEST_CASE("numbers beyond the range of a double become infinite or zero") {
  CHECK(from_cell("1e999") == Value(std::numeric_limits<double>::infinity()));
  CHECK(from_cell("-1e999") == Value(-std::numeric_limits<double>::infinity()));
  CHECK(from_cell("1e-999") == Value(0.0));
}

TEST_CASE("key texts do not tell integral reals from integers, nor lists from tuples") {
  CHECK(to_key(0.0) == "0");
  CHECK(to_key(-0.0) == "0");
  CHECK(to_key(1e20) == "100000000000000000000");
  CHECK(to_key(0.5) == "0.5");
  CHECK(to_key(Value::List{64.0}) == "(64,)");
  CHECK(to_key(Value::Map{{"b", 1}, {"a", Value::List{1.0}}}) == "{'a': (1,), 'b': 1}");
  CHECK(to_key("1") == to_key(1));
  CHECK(to_key("1.0") == to_key(1));
  CHECK(to_key("[64]") == "(64,)");
  CHECK(to_key("alpha [1") == "alpha [1");
  CHECK(to_key(Value()).empty());
  CHECK(to_key(true) == "True");
}
