#include <limits>
#include <string>

#include "catch.hpp"
#include "record/log/fields.hpp"

using malet::Value;
using malet::record::distinct_values;
using malet::record::pandas_real;
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

// The wanted values are what pandas 1.5.3 reads.
TEST_CASE("numbers of few digits are read exactly") {
  for (const double real : {0.0, 1.0, -0.5, 0.1, 1e-05, 1e22, 123456.789, 4.857142857142857}) {
    CAPTURE(real);
    CHECK(pandas_real(malet::to_cell(Value(real))) == real);
  }
}

TEST_CASE("numbers of many digits are read as pandas reads them") {
  CHECK(pandas_real("123456789.12345679") == 123456789.1234568);
  CHECK(pandas_real("0.12345678901234567") == 0.1234567890123456);
  CHECK(pandas_real("1.2345678901234567e-05") == 1.2345678901234568e-05);
  CHECK(pandas_real("12345678901234567890.5") == 1.2345678901234567e+19);
  CHECK(pandas_real("1e-300") == 1e-300);
  CHECK(pandas_real("9.385958677423489e-21") == 9.385958677423487e-21);
  CHECK(pandas_real("0.0006958328667684434") == 0.0006958328667684);
  CHECK(pandas_real("9.014274576114835e-20") == 9.014274576114837e-20);
  CHECK(pandas_real("123456789.12345679") == 123456789.1234568);
  CHECK(pandas_real("-123456789.12345679") == -123456789.1234568);
}

TEST_CASE("what is beyond the powers of ten is read exactly") {
  CHECK(pandas_real("5e-324") == 5e-324);
  CHECK(pandas_real("1e99999999999999999999") == std::numeric_limits<double>::infinity());
  CHECK(pandas_real(std::string(400, '9')) == std::numeric_limits<double>::infinity());
}
