#include "base/field_name.hpp"
#include "catch.hpp"

using malet::base::name_flaw;

TEST_CASE("names that the head of a log cannot hold have a flaw") {
  CHECK(name_flaw("val loss/ü").empty());
  for (const char* name : {"", " a", "a ", " ", "a\tb", "a\nb", "a\rb", "a\"b", "\x7f"}) {
    CAPTURE(name);
    CHECK_FALSE(name_flaw(name).empty());
  }
}
