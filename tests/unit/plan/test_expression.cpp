#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "malet/error.hpp"
#include "plan/arithmetic.hpp"
#include "plan/expression.hpp"

using malet::Error;
using malet::Value;
using malet::plan::Expression;
using malet::plan::Work;

namespace {

Value evaluate(std::string_view text, std::int64_t i = 3) {
  Work work;
  return Expression(text).evaluate(i, work);
}

std::string error_of(std::string_view text, std::int64_t i = 3) {
  try {
    static_cast<void>(evaluate(text, i));
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("expressions have Python's precedence", "[expression]") {
  CHECK(evaluate("2 + 3 * 4") == Value(14));
  CHECK(evaluate("-2**2") == Value(-4));
  CHECK(evaluate("2**-1") == Value(0.5));
  CHECK(evaluate("2**3**2") == Value(512));
  CHECK(evaluate("(2**3)**2") == Value(64));
  CHECK(evaluate("10 - 4 - 3") == Value(3));
  CHECK(evaluate("--+-i") == Value(-3));
  CHECK(evaluate("7 // 2 * 2 + 7 % 2") == Value(7));
  CHECK(evaluate("{-i}") == Value(-3));
  CHECK(evaluate("10**{-i}") == Value(0.001));
  CHECK(evaluate(" 2\t*\n i ") == Value(6));
}

TEST_CASE("integers stay integers where Python keeps them", "[expression]") {
  CHECK(evaluate("2**10") == Value(1024));
  CHECK(evaluate("4/2") == Value(2.0));
  CHECK(evaluate("4//2") == Value(2));
  CHECK(evaluate("4//2.0") == Value(2.0));
  CHECK(evaluate("10**-2") == Value(0.01));
  CHECK(evaluate("10**2.0") == Value(100.0));
  CHECK(evaluate("1e2") == Value(100.0));
  CHECK(evaluate("1_000") == Value(1000));
  CHECK(evaluate(".5 + 1.") == Value(1.5));
  CHECK(evaluate("0**0") == Value(1));
  CHECK(evaluate("2**62 - 1 + 2**62") == Value(INT64_MAX));
  CHECK(evaluate("(-2)**63") == Value(INT64_MIN));
  CHECK(evaluate("(-1)**1000000001") == Value(-1));
}

TEST_CASE("quotients and remainders round down as Python's", "[expression]") {
  CHECK(evaluate("-7 // 2") == Value(-4));
  CHECK(evaluate("7 // -2") == Value(-4));
  CHECK(evaluate("-7 % 2") == Value(1));
  CHECK(evaluate("7 % -2") == Value(-1));
  CHECK(evaluate("-7.5 // 2") == Value(-4.0));
  CHECK(evaluate("-7.5 % 2") == Value(0.5));
  CHECK(evaluate("7.5 % -2") == Value(-0.5));
  CHECK(evaluate("1.0 // 0.1") == Value(9.0));
  CHECK(evaluate("-1 // 1e999") == Value(-1.0));
  CHECK(evaluate("9007199254740996 // 2.5") == Value(3602879701896398.0));
  CHECK(evaluate("(-2)**63 % -1") == Value(0));
  CHECK(evaluate("9007199254740993 / 3") == Value(3002399751580331.0));
}

TEST_CASE("lists and tuples are list values", "[expression]") {
  using List = Value::List;
  CHECK(evaluate("[i, 2*i]") == Value(List{3, 6}));
  CHECK(evaluate("(i, 2.5)") == Value(List{3, 2.5}));
  CHECK(evaluate("i, i") == Value(List{3, 3}));
  CHECK(evaluate("(i,)") == Value(List{3}));
  CHECK(evaluate("(i)") == Value(3));
  CHECK(evaluate("[]") == Value(List{}));
  CHECK(evaluate("()") == Value(List{}));
  CHECK(evaluate("[i,]") == Value(List{3}));
  CHECK(evaluate("[64]*i") == Value(List{64, 64, 64}));
  CHECK(evaluate("i*[64]+[1]") == Value(List{64, 64, 64, 1}));
  CHECK(evaluate("[1]*-1") == Value(List{}));
  CHECK(evaluate("[[i]]*2") == Value(List{Value(List{3}), Value(List{3})}));
}

TEST_CASE("what is no expression is an error", "[expression]") {
  for (const char* text :
       {"",     " ",  "1 +",  "* 2", "(1",  "1)",     "[1",    "{1)",   "j",    "ii",
        "i2",   "2i", "1 2",  "i i", "a.b", "exp(1)", "'x'",   "1;2",   "1__0", "1_",
        "0x10", ".",  "1..2", "[,]", "(,)", "1,,2",   "i = 3", "i < 3", "1e",   "é"}) {
    CAPTURE(text);
    CHECK_FALSE(error_of(text).empty());
  }
  CHECK_THAT(error_of("010"), ContainsSubstring("zero"));
  CHECK(evaluate("000") == Value(0));
}

TEST_CASE("what has no value is an error", "[expression]") {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"1/0", "division by zero"},
      {"1//0", "division by zero"},
      {"1%0.0", "division by zero"},
      {"0**-1", "negative power"},
      {"0.0**-1", "negative power"},
      {"(-8)**0.5", "fractional power"},
      {"10**100000", "64 bits"},
      {"2**63", "64 bits"},
      {"9223372036854775807 + 1", "64 bits"},
      {"-9223372036854775807 - 2", "64 bits"},
      {"4611686018427387904 * 2", "64 bits"},
      {"(-2)**63 // -1", "64 bits"},
      {"-((-2)**63)", "64 bits"},
      {"9223372036854775808", "64 bits"},
      {"10.0**400", "too large"},
      {"[1] + 1", "not possible"},
      {"[1] * [1]", "not possible"},
      {"[1] * 1.5", "not possible"},
      {"[1] - [1]", "not possible"},
      {"-[1]", "not possible"},
      {"+[1]", "not possible"},
  };
  for (const auto& [text, reason] : cases) {
    CAPTURE(text);
    CHECK_THAT(error_of(text), ContainsSubstring(reason));
  }
}

TEST_CASE("expressions have limits", "[expression]") {
  const auto nested = [](int depth) {
    const auto count = static_cast<std::size_t>(depth);
    return std::string(count, '(') + "i" + std::string(count, ')');
  };
  CHECK(evaluate(nested(90)) == Value(3));
  CHECK_THAT(error_of(nested(4000)), ContainsSubstring("nested"));
  CHECK_THAT(error_of(std::string(4000, '[')), ContainsSubstring("nested"));
  CHECK_THAT(error_of(std::string(4000, '-') + "1"), ContainsSubstring("nested"));
  std::string tower = "1";
  for (int i = 0; i < 1000; ++i) tower += "**1";
  CHECK_THAT(error_of(tower), ContainsSubstring("nested"));

  std::string sum = "i";
  for (int i = 0; i < 4000; ++i) sum += "+i";
  CHECK(evaluate(sum) == Value(3 * 4001));
  CHECK_THAT(error_of(sum + sum), ContainsSubstring("longer than 10000"));

  CHECK(evaluate("[0]*999999").list().size() == 999'999);
  CHECK_THAT(error_of("[0]*1000001"), ContainsSubstring("more than 1000000"));
  CHECK_THAT(error_of("[[0]*1000]*1000"), ContainsSubstring("more than 1000000"));
  CHECK_THAT(error_of("[0]*9223372036854775807"), ContainsSubstring("more than 1000000"));
  CHECK_THAT(error_of("[0]*999999 + [0]*999999"), ContainsSubstring("more than 1000000"));
  std::string pile = "[0]*999999";
  for (int i = 0; i < 100; ++i) pile += ", [0]*999999";
  CHECK_THAT(error_of(pile), ContainsSubstring("more than 1000000"));
}

TEST_CASE("work is limited over all evaluations", "[expression]") {
  const Expression expression("i+1");
  Work work{10};
  for (int i = 0; i < 3; ++i) CHECK(expression.evaluate(i, work) == Value(i + 1));
  CHECK_THROWS_WITH(expression.evaluate(3, work), ContainsSubstring("steps"));
  Work little{10};
  CHECK_THROWS_AS(Expression("[0]*100").evaluate(0, little), Error);
}

TEST_CASE("an expression knows whether it depends on i", "[expression]") {
  CHECK(Expression("1+i").uses_variable());
  CHECK_FALSE(Expression("1+2").uses_variable());
}
