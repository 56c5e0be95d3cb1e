#include <limits>
#include <string>

#include "catch.hpp"
#include "malet/value.hpp"
#include "record/table/pandas_real.hpp"

using malet::record::pandas_real;

// The wanted values are what pandas 1.5.3 reads.
TEST_CASE("numbers of few digits are read exactly") {
  for (const double real : {0.0, 1.0, -0.5, 0.1, 1e-05, 1e22, 123456.789, 4.857142857142857}) {
    CAPTURE(real);
    CHECK(pandas_real(malet::to_cell(malet::Value(real))) == real);
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
