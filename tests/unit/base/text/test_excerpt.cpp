#include "base/text/excerpt.hpp"
#include "catch.hpp"

using malet::base::excerpt;

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
