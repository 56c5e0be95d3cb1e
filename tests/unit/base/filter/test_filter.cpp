#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "base/filter/filter.hpp"
#include "catch.hpp"
#include "malet/error.hpp"

using malet::Error;
using malet::Value;
using malet::base::Filter;
using malet::base::last_value;
using malet::base::sorts_before;

namespace {

const Value::Map& row() {
  static const Value::Map fields = {
      {"lr", 0.1},
      {"seed", 3},
      {"optimizer", "sgd"},
      {"nesterov", true},
      {"note", nullptr},
      {"width", Value::List{64, 128}},
      {"val_loss", Value::List{0.9, 0.5, 0.25}},
      {"no_steps", Value::List{}},
      {"weight-decay", 1e-4},
      {"two words", "x"},
      {"diverged", std::numeric_limits<double>::quiet_NaN()},
  };
  return fields;
}

bool matches(std::string_view expression) {
  const Value fields(row());
  return Filter(expression).matches([&](std::string_view name) { return fields.find(name); });
}

std::string error_of(std::string_view expression) {
  try {
    (void)matches(expression);
  } catch (const Error& error) {
    CHECK(error.kind() == malet::ErrorKind::bad_input);
    return error.what();
  }
  return {};
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("numbers are compared by value") {
  CHECK(matches("lr <= 0.1"));
  CHECK(matches("lr<=1e-1"));
  CHECK(matches("lr == 0.10"));
  CHECK(matches("lr = .1"));
  CHECK_FALSE(matches("lr < 0.1"));
  CHECK(matches("lr > -inf"));
  CHECK(matches("lr>-1"));
  CHECK(matches("seed == 3.0"));
  CHECK(matches("seed != 4"));
  CHECK(matches("seed >= 3"));
  CHECK_FALSE(matches("seed > 3"));
}

TEST_CASE("text is compared bytewise, bare or quoted") {
  CHECK(matches("optimizer == sgd"));
  CHECK(matches("optimizer == 'sgd'"));
  CHECK(matches("optimizer == \"sgd\""));
  CHECK(matches("optimizer > adam"));
  CHECK_FALSE(matches("optimizer < adam"));
  CHECK(matches("`two words` == x"));
}

TEST_CASE("a quoted number equals the number, as in the log's cells") {
  CHECK(matches("seed == '3'"));
}

TEST_CASE("booleans and null have their words") {
  CHECK(matches("nesterov == true"));
  CHECK(matches("nesterov == True"));
  CHECK(matches("nesterov != false"));
  CHECK(matches("note == null"));
  CHECK(matches("note == None"));
  CHECK(matches("lr != null"));
  CHECK_FALSE(matches("lr == null"));
}

TEST_CASE("null, NaN and values of other kinds are in no order and unequal") {
  for (const std::string field : {"note", "diverged", "optimizer"}) {
    CHECK_FALSE(matches(field + " < 1"));
    CHECK_FALSE(matches(field + " >= 1"));
    CHECK_FALSE(matches(field + " == 1"));
    CHECK(matches(field + " != 1"));
  }
  CHECK_FALSE(matches("lr < zebra"));
  CHECK_FALSE(matches("nesterov < 2"));
}

TEST_CASE("the last value of a series stands for it") {
  CHECK(matches("val_loss == 0.25"));
  CHECK(matches("val_loss < 0.3"));
  CHECK_FALSE(matches("val_loss > 0.5"));
  CHECK(matches("no_steps == null"));
}

TEST_CASE("a list is compared with a list as a whole") {
  CHECK(matches("width == [64, 128]"));
  CHECK_FALSE(matches("width == [64]"));
  CHECK(matches("width != [64]"));
  CHECK(matches("width in [[32], [64, 128]]"));
  CHECK(matches("width in [128]"));
}

TEST_CASE("in looks for one of several values") {
  CHECK(matches("optimizer in [adam, sgd]"));
  CHECK(matches("optimizer in [adam, 'sgd',]"));
  CHECK_FALSE(matches("optimizer in [adam]"));
  CHECK(matches("optimizer not in [adam]"));
  CHECK_FALSE(matches("seed in []"));
  CHECK(matches("seed not in []"));
  CHECK(matches("note in [null, a]"));
}

TEST_CASE("not binds tighter than and, and that tighter than or") {
  CHECK(matches("seed == 3 or seed == 4 and lr > 1"));
  CHECK_FALSE(matches("(seed == 3 or seed == 4) and lr > 1"));
  CHECK(matches("not seed == 4 and lr < 1"));
  CHECK(matches("not (seed == 3 and lr > 1)"));
  CHECK(matches("not not seed == 3"));
  CHECK_FALSE(matches("not not not seed == 3"));
  CHECK(matches("lr <= 0.1 and optimizer in [sgd, adam] or not seed == 3"));
}

TEST_CASE("names may hold what has no meaning of its own") {
  CHECK(matches("weight-decay <= 1e-4"));
  CHECK(matches("`weight-decay`==0.0001"));
}

TEST_CASE("errors name the place") {
  CHECK_THAT(error_of("lr <="), ContainsSubstring("character 6: expected a value"));
  CHECK_THAT(error_of(""), ContainsSubstring("empty"));
  CHECK_THAT(error_of("lr"), ContainsSubstring("after field 'lr'"));
  CHECK_THAT(error_of("lr ! 3"), ContainsSubstring("character 4"));
  CHECK_THAT(error_of("0.1 < lr"), ContainsSubstring("character 1: expected a field's name"));
  CHECK_THAT(error_of("lr < 1 seed == 3"), ContainsSubstring("character 8"));
  CHECK_THAT(error_of("(lr < 1"), ContainsSubstring("not closed"));
  CHECK_THAT(error_of("lr < 1)"), ContainsSubstring("never opened"));
  CHECK_THAT(error_of("lr in [1, 2"), ContainsSubstring("end of the list"));
  CHECK_THAT(error_of("lr in 1"), ContainsSubstring("expected a list"));
  CHECK_THAT(error_of("lr == (1, 2)"), ContainsSubstring("brackets"));
  CHECK_THAT(error_of("optimizer == 'sgd"), ContainsSubstring("character 14: a quote"));
  CHECK_THAT(error_of("`lr == 1"), ContainsSubstring("backtick"));
  CHECK_THAT(error_of("lr == and seed == 3"), ContainsSubstring("character 7: expected a value"));
  CHECK_THAT(error_of("lr not 3"), ContainsSubstring("'in' after 'not'"));
  CHECK_THAT(error_of("lr == `seed`"), ContainsSubstring("with values only"));
  CHECK_THAT(error_of("lr == 1; seed == 3"), ContainsSubstring("character 8"));
}

TEST_CASE("a field that does not exist is an error that names it") {
  CHECK_THAT(error_of("learning_rate < 1"), ContainsSubstring("'learning_rate'"));
}

TEST_CASE("hostile filters end in an error") {
  CHECK_THAT(error_of(repeated("(", 100'000)), ContainsSubstring("nested deeper"));
  CHECK_THAT(error_of("lr in " + repeated("[", 50'000)), ContainsSubstring("nested deeper"));
  CHECK_THAT(error_of(repeated("lr == 1 or ", 10'000)), ContainsSubstring("at most"));
  CHECK_THAT(error_of(std::string("lr == 1\0", 8)), ContainsSubstring("no meaning"));
  CHECK_THAT(error_of("lr == \x01"), ContainsSubstring("character 7"));
}

TEST_CASE("long filters within the limits are fine") {
  CHECK(matches(repeated("not ", 20'000) + "seed == 3"));
  CHECK(matches(repeated("(", 100) + "seed == 3" + repeated(")", 100)));
  CHECK(matches(repeated("seed == 4 or ", 7'000) + "seed == 3"));
  CHECK(matches("seed in [" + repeated("4, ", 20'000) + "3]"));
}

TEST_CASE("any bytes either parse or are an error") {
  const std::string pieces[] = {"lr",  "==", "(", ")", "[", "]", ",", "'", "`",   "and",
                                "not", "in", " ", "<", "=", "!", "1", "-", "\xff"};
  std::uint32_t state = 12345;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (int i = 0; i < 8; ++i) {
      state = state * 1664525 + 1013904223;
      text += pieces[(state >> 16) % std::size(pieces)];
    }
    try {
      (void)matches(text);
    } catch (const Error&) {
    }
  }
  SUCCEED();
}

TEST_CASE("sorting puts numbers by value, text bytewise and null last") {
  std::vector<Value> values = {nullptr,      "b",  10,
                               2.5,          "a",  std::numeric_limits<double>::quiet_NaN(),
                               -1,           true, Value::List{7, 1},
                               Value::List{}};
  std::stable_sort(values.begin(), values.end(), sorts_before);
  const std::vector<Value> wanted = {
      true,         -1,      Value::List{7, 1},
      2.5,          10,      "a",
      "b",          nullptr, std::numeric_limits<double>::quiet_NaN(),
      Value::List{}};
  CHECK(values == wanted);
}

TEST_CASE("the last value of a list speaks for it, any other value for itself") {
  CHECK(last_value(Value::List{1, 2}) == Value(2));
  CHECK(last_value(Value::List{}) == Value());
  CHECK(last_value("x") == Value("x"));
}
