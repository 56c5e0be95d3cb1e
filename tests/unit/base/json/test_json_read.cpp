#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/json/json_read.hpp"
#include "catch.hpp"
#include "malet/error.hpp"

using malet::Value;
using malet::base::read_json;

namespace {

const double inf = std::numeric_limits<double>::infinity();
const double nan_value = std::numeric_limits<double>::quiet_NaN();

std::string nested(std::size_t levels) {
  return std::string(levels, '[') + std::string(levels, ']');
}

}  // namespace

TEST_CASE("JSON's values are read, and blanks between them skipped") {
  CHECK(read_json("null") == Value());
  CHECK(read_json(" true\n") == Value(true));
  CHECK(read_json("\tfalse\r") == Value(false));
  CHECK(read_json("\"\"") == Value(""));
  CHECK(read_json("[ ]") == Value(Value::List{}));
  CHECK(read_json("{ }") == Value(Value::Map{}));
  CHECK(read_json("[1 , [ ] , {\"a\" : [ null ] } ]") ==
        Value(Value::List{1, Value::List{}, Value::Map{{"a", Value::List{Value()}}}}));
}

TEST_CASE("JSON integers that fit 64 bits are integers, other numbers are reals") {
  CHECK(read_json("0") == Value(0));
  CHECK(read_json("-0") == Value(0));
  CHECK(read_json("9223372036854775807") == Value(std::numeric_limits<std::int64_t>::max()));
  CHECK(read_json("-9223372036854775808") == Value(std::numeric_limits<std::int64_t>::min()));
  CHECK(read_json("9223372036854775808") == Value(9223372036854775808.0));
  CHECK(read_json("-0.0").real() == 0);
  CHECK(std::signbit(read_json("-0.0").real()));
  CHECK(read_json("1.5e-7") == Value(1.5e-7));
  CHECK(read_json("1E+2") == Value(100.0));
  CHECK(read_json("1e999") == Value(inf));
  CHECK(read_json("-1e999") == Value(-inf));
  CHECK(read_json("1e-999") == Value(0.0));
}

TEST_CASE("NaN and the infinities are numbers, as Python's json writes them") {
  CHECK(read_json("[NaN, Infinity, -Infinity]") == Value(Value::List{nan_value, inf, -inf}));
}

TEST_CASE("JSON maps keep their order, and a repeated name its last value") {
  CHECK(read_json(R"({"z": 1, "a": 2, "m": 3})") ==
        Value(Value::Map{{"z", 1}, {"a", 2}, {"m", 3}}));
  CHECK(read_json(R"({"a": 1, "b": 2, "a": 3})") == Value(Value::Map{{"a", 3}, {"b", 2}}));
}

TEST_CASE("a repeated name keeps its last value among many, too") {
  std::string text = "{";
  Value::Map fields;
  for (int i = 0; i < 1000; ++i) {
    text += "\"f" + std::to_string(i % 600) + "\": " + std::to_string(i) + ",";
    if (i < 600) fields.emplace_back("f" + std::to_string(i), i < 400 ? i + 600 : i);
  }
  text.back() = '}';
  CHECK(read_json(text) == Value(fields));
}

TEST_CASE("escapes in JSON texts are read, surrogate pairs as one character") {
  CHECK(read_json(R"("\"\\\/\b\f\n\r\t")") == Value("\"\\/\b\f\n\r\t"));
  CHECK(read_json(R"("\u0041\u00e9\u20AC\ud83d\ude00")") ==
        Value("A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"));
  CHECK(read_json(R"("a\u0000b")") == Value(std::string("a\0b", 3)));
}

TEST_CASE("lone surrogates and bytes that are no UTF-8 become U+FFFD") {
  const std::string replaced = "\xEF\xBF\xBD";
  CHECK(read_json(R"("\ud83d")") == Value(replaced));
  CHECK(read_json(R"("\ude00x")") == Value(replaced + "x"));
  CHECK(read_json(R"("\ud83dA")") == Value(replaced + "A"));
  CHECK(read_json(R"("\ud83d\n")") == Value(replaced + "\n"));
  CHECK(read_json(R"("\ud83d\ud83d\ude00")") == Value(replaced + "\xF0\x9F\x98\x80"));
  CHECK(read_json("\"a\xFFz\"") == Value("a" + replaced + "z"));
  CHECK(read_json("\"\xC3\"") == Value(replaced));
  CHECK(read_json("\"\xED\xA0\x80\"") == Value(replaced + replaced + replaced));
}

TEST_CASE("what is written as JSON is read back") {
  const std::vector<Value> values = {
      Value(),
      Value(-7),
      Value(0.1 + 0.2),
      Value(1e16),
      Value(5e-324),
      Value(1.7976931348623157e308),
      Value(nan_value),
      Value("quote \" back \\ line \n bell \a del \x7f \xE2\x82\xAC"),
      Value(Value::List{1, 2.0, "x", Value(), inf, -inf, Value::List{}}),
      Value(Value::Map{{"", Value::Map{}}, {"k\n", Value::List{true, false}}}),
  };
  for (const Value& value : values) {
    CHECK(read_json(to_json(value, 0, malet::NonFinite::python)) == value);
    CHECK(read_json(to_json(value, 2, malet::NonFinite::python)) == value);
  }
}

TEST_CASE("an error in JSON names the byte, what was expected and what was found") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "byte 1: expected a value, found the end of the text"},
      {"[1,]", "byte 4: expected a value, found ']'"},
      {"[1 2]", "byte 4: expected ',' or ']', found '2'"},
      {"[1", "byte 3: expected ',' or ']', found the end of the text"},
      {"[01]", "byte 3: expected ',' or ']', found '1'"},
      {"{\"a\" 1}", "byte 6: expected ':', found '1'"},
      {"{\"a\": 1;}", "byte 8: expected ',' or '}', found ';'"},
      {"{a: 1}", "byte 2: expected a name in double quotes, found 'a'"},
      {"{\"a\": 1,}", "byte 9: expected a name in double quotes, found '}'"},
      {"1 x", "byte 3: expected the end of the text, found 'x'"},
      {"tru", "byte 1: expected true, found 't'"},
      {"None", "byte 1: expected NaN, found 'N'"},
      {"-x", "byte 2: expected a digit, found 'x'"},
      {"+1", "byte 1: expected a value, found '+'"},
      {"1.", "byte 3: expected a digit, found the end of the text"},
      {"1e+", "byte 4: expected a digit, found the end of the text"},
      {"\"abc", "byte 5: expected '\"', found the end of the text"},
      {"\"a\nb\"", "byte 3: expected control characters to be escaped, found the byte 0x0a"},
      {"\"\\x\"", "byte 3: expected one of \"\\/bfnrtu behind a backslash, found 'x'"},
      {"\"\\", "byte 3: expected one of \"\\/bfnrtu behind a backslash, found the end"},
      {"\"\\u12g4\"", "byte 4: expected four hex digits, found '1'"},
      {"\"\\u12", "byte 4: expected four hex digits, found '1'"},
      {"\xEF\xBB\xBF{}", "byte 1: expected a value, found the byte 0xef"},
      {std::string("\0", 1), "byte 1: expected a value, found the byte 0x00"},
  };
  for (const auto& [text, message] : cases) {
    CHECK_THROWS_WITH(read_json(text), ContainsSubstring("no JSON at " + message));
  }
}

TEST_CASE("an error in JSON is bad input") {
  try {
    static_cast<void>(read_json("{"));
    FAIL("no error");
  } catch (const malet::Error& error) {
    CHECK(error.kind() == malet::ErrorKind::bad_input);
  }
}

TEST_CASE("JSON may be nested 64 deep, and no deeper") {
  CHECK(read_json(nested(64)).is_list());
  CHECK_THROWS_WITH(read_json(nested(65)),
                    ContainsSubstring("byte 65: expected no more than 64 levels"));
  CHECK_THROWS_AS(read_json(std::string(1'000'000, '[')), malet::Error);
}

TEST_CASE("a JSON map of very many names is read in no time") {
  std::string text = "{";
  for (int i = 0; i < 200'000; ++i) text += "\"" + std::to_string(i) + "\":0,";
  text.back() = '}';
  CHECK(read_json(text).map().size() == 200'000);
}
