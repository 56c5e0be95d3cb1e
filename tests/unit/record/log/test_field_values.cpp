#include "catch.hpp"
#include "record/log/field_values.hpp"

using malet::Value;
using malet::record::distinct_values;
using malet::record::Table;

namespace {

Value::List values_of(const std::vector<std::string>& cells, bool parse = true) {
  Table table({"x"}, {});
  for (const std::string& cell : cells) table.append(cell);
  return distinct_values(table, 0, parse);
}

}  // namespace

TEST_CASE("distinct values are sorted by kind, then by value") {
  CHECK(values_of({"b", "(2,)", "2", "", "True", "10", "a", "(1, 5)", "None", "False"}) ==
        Value::List{false, true, 2, 10, "a", "b", Value::List{1, 5}, Value::List{2}});
}

TEST_CASE("numbers become reals when one of them is") {
  CHECK(values_of({"3", "1", "2.5", "1.0"}) == Value::List{1.0, 2.5, 3.0});
  CHECK(values_of({"3", "1", "", "1"}) == Value::List{1, 3});
  CHECK(values_of({"3", "2.5", "x"}) == Value::List{2.5, 3, "x"});
}

TEST_CASE("lists that hold NaN are sorted without harm") {
  CHECK(values_of({"(nan, 1)", "(1, nan)", "(nan, 1)", "(0,)"}).size() == 3);
}

TEST_CASE("unparsed values are the cells' texts") {
  CHECK(values_of({"2", "10", "2.0", ""}, false) == Value::List{"10", "2", "2.0"});
}

TEST_CASE("reals that pandas takes for one are one value, the one it reads") {
  CHECK(values_of({"123456789.12345679", "123456789.1234568", "0.5"}) ==
        Value::List{0.5, 123456789.1234568});
  CHECK(values_of({"123456789.12345679", "0.5"}) == Value::List{0.5, 123456789.12345679});
}
