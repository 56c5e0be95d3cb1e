#include "base/text/text_parts.hpp"
#include "catch.hpp"

using malet::base::take_line;
using malet::base::whole_number;

TEST_CASE("a whole number is all of a text, digits alone") {
  CHECK(whole_number("0") == 0U);
  CHECK(whole_number("007") == 7U);
  CHECK(whole_number("18446744073709551615") == UINT64_MAX);
  for (const char* text : {"", "-1", "+1", " 1", "1 ", "1x", "x", "18446744073709551616"}) {
    CHECK_FALSE(whole_number(text));
  }
}

TEST_CASE("lines are taken off a text, the last one with or without a break") {
  std::string_view text = "a\n\nb";
  CHECK(take_line(text) == "a");
  CHECK(take_line(text).empty());
  CHECK(text == "b");
  CHECK(take_line(text) == "b");
  CHECK(text.empty());
  text = "c\n";
  CHECK(take_line(text) == "c");
  CHECK(text.empty());
}
