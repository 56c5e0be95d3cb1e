#include <cmath>
#include <limits>

#include "base/text/number_text.hpp"
#include "catch.hpp"

using malet::base::bytes_text;
using malet::base::parse_bytes;
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

TEST_CASE("sizes are written for people") {
  CHECK(bytes_text(0) == "0 B");
  CHECK(bytes_text(1023) == "1023 B");
  CHECK(bytes_text(1024) == "1 KiB");
  CHECK(bytes_text(1536) == "1.5 KiB");
  CHECK(bytes_text(std::uint64_t{512} << 20U) == "512 MiB");
  CHECK(bytes_text(std::uint64_t{3} << 40U) == "3 TiB");
  CHECK_THAT(bytes_text(std::numeric_limits<std::uint64_t>::max()), ContainsSubstring("PiB"));
}

TEST_CASE("a size just below a unit is not written as 1024 of the smaller one") {
  CHECK(bytes_text((1 << 20) - 1) == "1 MiB");
  CHECK(bytes_text(1023 << 10) == "1023 KiB");
}

TEST_CASE("sizes are read with and without units") {
  CHECK(parse_bytes("1000000") == 1'000'000U);
  CHECK(parse_bytes("900B") == 900U);
  CHECK(parse_bytes("64 kb") == 65536U);
  CHECK(parse_bytes("512M") == std::uint64_t{512} << 20U);
  CHECK(parse_bytes("2G") == std::uint64_t{2} << 30U);
  CHECK(parse_bytes("1.5GiB") == (std::uint64_t{3} << 30U) / 2);
  CHECK(parse_bytes("1e3") == 1000U);
  CHECK(parse_bytes("1T") == std::uint64_t{1} << 40U);
  CHECK(parse_bytes("1P") == std::uint64_t{1} << 50U);
}

TEST_CASE("what is no size is nothing") {
  const auto text =
      GENERATE(as<std::string>{}, "", "G", "x", "0", "0G", "-1", "0.5", "inf", "nan", "1X", "1Gx",
               "1GiBs", "1 6 M", " 1M", "1,5G", "0x10", "20000P", "1e30", "1MM", "1Mi");
  INFO(text);
  CHECK_FALSE(parse_bytes(text));
}

TEST_CASE("what is written is read again") {
  for (const std::uint64_t bytes : {1ULL, 1024ULL, 1ULL << 30U, 3ULL << 29U, 1ULL << 50U}) {
    CHECK(parse_bytes(bytes_text(bytes)) == bytes);
  }
}
