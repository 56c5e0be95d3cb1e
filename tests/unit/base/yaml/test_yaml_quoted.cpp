#include <string>
#include <vector>

#include "base/yaml/yaml.hpp"
#include "base/yaml/yaml_scalar.hpp"
#include "catch.hpp"

using malet::Value;
using malet::base::yaml::kept_breaks;
using malet::base::yaml::read_quoted;
using malet::base::yaml::Schema;

namespace {

/// The text of field `a`, under both schemas.
std::string field_a(std::string_view yaml) {
  const auto read = [&](Schema schema) {
    return malet::base::yaml::parse(yaml, "f.yaml", schema).find("a")->scalar.text();
  };
  CHECK(read(Schema::core) == read(Schema::pyyaml));
  return read(Schema::core);
}

}  // namespace

TEST_CASE("escapes of double quotes stand for code points", "[yaml]") {
  CHECK(read_quoted(R"("a\_b\N\L\P\xe9\u65e5\U0001F600")") ==
        "a\u00A0b\u0085\u2028\u2029\u00E9\u65e5\U0001F600");
  CHECK(read_quoted(R"("\0\a\b\t\n\v\f\r\e\"\/\\\ ")") ==
        std::string("\0\a\b\t\n\v\f\r\x1B\"/\\ ", 13));
  CHECK(read_quoted(R"('a\n''b' rest)") == R"(a\n'b)");
}

TEST_CASE("line breaks inside quotes are folded", "[yaml]") {
  CHECK(read_quoted("\"a \t\n  b\"") == "a b");
  CHECK(read_quoted("\"a\r\n\r\n  b\"") == "a\nb");
  CHECK(read_quoted("'a\n\n\n  '") == "a\n\n");
  CHECK(read_quoted("\"a \\\n  b\\  \n c\"") == "a b  c");
  CHECK(read_quoted("\"\n\"") == " ");
}

TEST_CASE("a quote that is not closed has no content", "[yaml]") {
  for (const char* text : {"\"", "\"a", "\"a\\\"", "\"\\", "'", "'a''", "'\n"}) {
    CAPTURE(text);
    CHECK_FALSE(read_quoted(text).has_value());
  }
}

TEST_CASE("quoted text keeps line breaks at its end and what is not ASCII", "[yaml]") {
  CHECK(field_a("a: \"\\n\"\n") == "\n");
  CHECK(field_a("a: '\n\n  '\n") == "\n");
  CHECK(field_a("x: é\na: &b !!str  # why\n  \"a\\_b\"\n") == "a\u00A0b");
  CHECK(malet::base::yaml::parse("\"a\\_b\": 1\n", "f", Schema::core).keys[0].first == "a\u00A0b");
}

TEST_CASE("blocks keep their line breaks when they are told to", "[yaml]") {
  CHECK(field_a("a: |+\n  x\n\n\n") == "x\n\n\n");
  CHECK(field_a("a: >+\n  x\n  y\n\n\n") == "x y\n\n\n");
  CHECK(field_a("a: >+\n  x\n  \n\nb: 1\n") == "x\n\n\n");
  CHECK(field_a("a: >+\n  x") == "x");
  CHECK(field_a("a: >\n  x\n\n\n") == "x\n");
  CHECK(field_a("a: >+\n\n") == "\n");
  CHECK_FALSE(kept_breaks(">2+\n  x\n").has_value());
}

TEST_CASE("text that PyYAML has to quote is read back from the header", "[yaml]") {
  for (const char* text : {"\n", "a\n\n", "a\u00A0b", "\u0085", "a\n\nb\n\n\n", " \n ", "\t\n"}) {
    const Value::Map map{{"a", Value(text)}};
    CHECK(field_a(malet::base::yaml::dump(map)) == text);
  }
}
