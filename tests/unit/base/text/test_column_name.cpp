#include "base/text/column_name.hpp"
#include "catch.hpp"

using malet::base::name_flaw;
using malet::base::quoted_name;

TEST_CASE("names that a log's column cannot have are told why") {
  CHECK(name_flaw("val loss/ü").empty());
  CHECK(name_flaw("ID").empty());
  CHECK(name_flaw("it's").empty());
  CHECK(name_flaw("") == "is empty");
  CHECK(name_flaw("id") == "is that of the column with the rows' numbers");
  for (const char* name : {" a", "a ", " ", "   "}) {
    CHECK(name_flaw(name) == "begins or ends with a blank");
  }
  for (const char* name : {"a\tb", "a\nb", "a\rb", "\x7f"}) {
    CHECK(name_flaw(name) == "holds a tab, a line break or a control character");
  }
  CHECK(name_flaw("a\"b") == "holds a quote");
  CHECK(name_flaw("caf\xE9") == "is not UTF-8");
}

TEST_CASE("names stand in messages on one line") {
  CHECK(quoted_name("loss") == "'loss'");
  CHECK(quoted_name("a\nb\xFF") == "'a\\nb\\xff'");
}
