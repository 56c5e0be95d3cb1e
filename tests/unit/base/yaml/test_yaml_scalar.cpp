#include <cmath>

#include "base/yaml/yaml_scalar.hpp"
#include "catch.hpp"

using malet::Value;
using malet::base::yaml::Schema;

namespace {

Value core(std::string_view text) {
  return malet::base::yaml::resolve_plain(text, Schema::core).value();
}

Value pyyaml(std::string_view text) {
  return malet::base::yaml::resolve_plain(text, Schema::pyyaml).value();
}

}  // namespace

TEST_CASE("null and booleans are read in both schemas, yes and off included", "[yaml]") {
  for (const auto read : {core, pyyaml}) {
    for (const char* text : {"", "~", "null", "Null", "NULL"}) CHECK(read(text) == Value());
    for (const char* text : {"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"}) {
      CHECK(read(text) == Value(true));
    }
    for (const char* text : {"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"}) {
      CHECK(read(text) == Value(false));
    }
    for (const char* text : {"nUll", "yEs", "y", "n", "oN", "none", "None"}) {
      CHECK(read(text) == Value(text));
    }
  }
}

TEST_CASE("infinities and NaN need their point", "[yaml]") {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const auto read : {core, pyyaml}) {
    CHECK(read(".inf") == Value(infinity));
    CHECK(read("-.Inf") == Value(-infinity));
    CHECK(read("+.INF") == Value(infinity));
    CHECK(std::isnan(read(".nan").real()));
    CHECK(read("nan") == Value("nan"));
    CHECK(read("inf") == Value("inf"));
    CHECK(read("-.nan") == Value("-.nan"));
  }
}

TEST_CASE("the core schema reads numbers as YAML 1.2 does", "[yaml]") {
  CHECK(core("42") == Value(42));
  CHECK(core("-7") == Value(-7));
  CHECK(core("+7") == Value(7));
  CHECK(core("010") == Value(10));
  CHECK(core("0o17") == Value(15));
  CHECK(core("0x1F") == Value(31));
  CHECK(core("1e-4") == Value(1e-4));
  CHECK(core("1e5") == Value(1e5));
  CHECK(core("1.") == Value(1.0));
  CHECK(core(".5") == Value(0.5));
  CHECK(core("-1.5E+3") == Value(-1500.0));
  CHECK(core("9223372036854775807") == Value(INT64_MAX));
  CHECK(core("-9223372036854775808") == Value(INT64_MIN));
}

TEST_CASE("what YAML 1.1 would read as a number is text in the core schema", "[yaml]") {
  for (const char* text : {"1_000", "1:30", "2020-01-01", "0b11", "-0x1F", "0x", "0o8", "1e", "1e+",
                           ".", "-", "+", "1.2.3", ".e5", "12:30:45.5", "--1", "1-2"}) {
    CHECK(core(text) == Value(text));
  }
}

TEST_CASE("the PyYAML schema reads numbers as PyYAML 6 does", "[yaml]") {
  CHECK(pyyaml("010") == Value(8));
  CHECK(pyyaml("0_17") == Value(15));
  CHECK(pyyaml("-010") == Value(-8));
  CHECK(pyyaml("0b101") == Value(5));
  CHECK(pyyaml("-0x1F") == Value(-31));
  CHECK(pyyaml("1_000") == Value(1000));
  CHECK(pyyaml("1:30") == Value(90));
  CHECK(pyyaml("-1:30:05") == Value(-5405));
  CHECK(pyyaml("1:30.5") == Value(90.5));
  CHECK(pyyaml("1.0e-05") == Value(1e-5));
  CHECK(pyyaml("1_0.5") == Value(10.5));
  CHECK(pyyaml("1.") == Value(1.0));
  CHECK(pyyaml(".5") == Value(0.5));
  CHECK(pyyaml("+1.5") == Value(1.5));
}

TEST_CASE("the PyYAML schema leaves as text what PyYAML 6 leaves as text", "[yaml]") {
  for (const char* text : {"1e-4", "1e5", "1.0e5", "-.5", "0o17", "089", "2020-01-01", "1:60", "0x",
                           "0b2", "_1", "._5", "=", "1.5e+", "0:30"}) {
    CHECK(pyyaml(text) == Value(text));
  }
}

TEST_CASE("integers beyond 64 bits have no value", "[yaml]") {
  for (const auto schema : {Schema::core, Schema::pyyaml}) {
    using malet::base::yaml::resolve_plain;
    CHECK_FALSE(resolve_plain("9223372036854775808", schema));
    CHECK_FALSE(resolve_plain("-9223372036854775809", schema));
    CHECK_FALSE(resolve_plain("123456789012345678901234567890", schema));
    CHECK_FALSE(resolve_plain("0xFFFFFFFFFFFFFFFF", schema));
  }
  CHECK_FALSE(malet::base::yaml::resolve_plain("9223372036854775807:59", Schema::pyyaml));
}
