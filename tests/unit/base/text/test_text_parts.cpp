#include "base/text/text_parts.hpp"
#include "catch.hpp"

using malet::base::excerpt;
using malet::base::name_flaw;
using malet::base::quoted_name;
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

TEST_CASE("an excerpt stands on one line whatever the text holds") {
  CHECK(excerpt("a b") == "a b");
  CHECK(excerpt("a\nb\r\tc\x1b[1m\x7f") == "a b  c [1m ");
  CHECK(excerpt("a\u0085b\u2028c") == "a b c");
  CHECK(excerpt("\u00e9\u2026") == "\u00e9\u2026");
}

TEST_CASE("an excerpt is cut between characters") {
  CHECK(excerpt("abcd", 4) == "abcd");
  CHECK(excerpt("abcde", 4) == "abcd..");
  CHECK(excerpt("\u00e4\u00f6\u00fc", 2) == "\u00e4\u00f6..");
  CHECK(excerpt("ab\xff\xff", 3) == "ab\xff..");
}

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
