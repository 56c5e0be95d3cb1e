#include <cmath>
#include <limits>

#include "base/text/decimal.hpp"
#include "catch.hpp"

using malet::base::read_decimal;

TEST_CASE("decimals are read in all the forms that Python writes and takes", "[decimal]") {
  CHECK(read_decimal("12.5e-3") == 0.0125);
  CHECK(read_decimal("-.5") == -0.5);
  CHECK(read_decimal("1.") == 1.0);
  CHECK(read_decimal("+3") == 3.0);
  CHECK(read_decimal("1E5") == 1e5);
  CHECK(std::signbit(read_decimal("-0.0")));
}

TEST_CASE("decimals out of range are infinite or zero", "[decimal]") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(read_decimal("1e999") == infinity);
  CHECK(read_decimal("-1e999") == -infinity);
  CHECK(read_decimal("1e-999") == 0.0);
  CHECK(read_decimal("0e999") == 0.0);
  CHECK(read_decimal("1e99999999999999999999") == infinity);
  CHECK(read_decimal("1e-99999999999999999999") == 0.0);
  CHECK(read_decimal("0." + std::string(400, '0') + "1") == 0.0);
  CHECK(read_decimal("0." + std::string(400, '0') + "1e800") == infinity);
  CHECK(read_decimal(std::string(400, '9')) == infinity);
  CHECK(read_decimal("5e-324") == 5e-324);
}
