#include <algorithm>
#include <limits>
#include <sstream>
#include <string>

#include "catch.hpp"
#include "cli/screen/text_table.hpp"

using malet::Value;
using malet::cli::ListView;
using malet::cli::table_cell;
using malet::cli::text_width;
using malet::cli::TextTable;

namespace {

std::size_t longest_line(const std::string& text) {
  std::istringstream lines(text);
  std::size_t longest = 0;
  for (std::string line; std::getline(lines, line);) longest = std::max(longest, text_width(line));
  return longest;
}

std::string shown(const Value& value, ListView lists = ListView::series) {
  return table_cell(value, lists).text;
}

}  // namespace

TEST_CASE("text stands left and numbers right") {
  TextTable table({"name", "count"});
  table.add_row({{"a"}, {"5", true}});
  table.add_row({{"longer"}, {"12345", true}});
  CHECK(table.render(80) ==
        "name    count\n"
        "a           5\n"
        "longer  12345\n");
}

TEST_CASE("an empty cell does not turn a column of numbers to the left") {
  TextTable table({"n", "x"});
  table.add_row({{"123", true}, {"a"}});
  table.add_row({{}, {"b"}});
  table.add_row({{"4", true}, {"c"}});
  CHECK(table.render(80) == "  n  x\n123  a\n     b\n  4  c\n");
}

TEST_CASE("lines end without blanks") {
  TextTable table({"a", "b"});
  table.add_row({{"x"}, {}});
  table.add_row({{"x"}, {"wide"}});
  CHECK(table.render(80) == "a  b\nx\nx  wide\n");
}

TEST_CASE("long cells are cut to the width") {
  TextTable table({"a", "text"});
  table.add_row({{"x"}, {std::string(100, 'y')}});
  const std::string text = table.render(20);
  CHECK(text == "a  text\nx  yyyyyyyyyyyyyyy..\n");
  CHECK(longest_line(text) == 20);
}

TEST_CASE("columns without room are named below") {
  TextTable table({"first column", "second column", "third column"});
  table.add_row({{"1", true}, {"2", true}, {"3", true}});
  const std::string text = table.render(20);
  CHECK_THAT(text, ContainsSubstring("(no room for: third column)"));
  CHECK_THAT(text, !ContainsSubstring("3"));
}

TEST_CASE("any width gives a table") {
  TextTable table({"a", "b", "c"});
  table.add_row({{"some text"}, {"1.5", true}, {"more text still"}});
  for (std::size_t width = 0; width < 60; ++width) CHECK_FALSE(table.render(width).empty());
}

TEST_CASE("letters beyond ASCII count once and are never cut apart") {
  TextTable table({"a", "b"});
  table.add_row({{"äöü"}, {"x"}});
  table.add_row({{"abc"}, {"y"}});
  CHECK(table.render(80) == "a    b\näöü  x\nabc  y\n");
  TextTable narrow({"a"});
  narrow.add_row({{"äöüäöüäöüäöü"}});
  CHECK(narrow.render(8) == "a\näöüäöü..\n");
}

TEST_CASE("reals are shown with five digits") {
  CHECK(shown(0.1) == "0.1");
  CHECK(shown(0.123456789) == "0.12346");
  CHECK(shown(1e-5) == "1e-05");
  CHECK(shown(105.33333333) == "105.33");
  CHECK(shown(1.0) == "1");
  CHECK(shown(std::numeric_limits<double>::infinity()) == "inf");
  CHECK(table_cell(0.1, ListView::series).is_number);
}

TEST_CASE("other values are shown as in the log") {
  CHECK(shown(nullptr).empty());
  CHECK(shown(true) == "True");
  CHECK(shown("sgd") == "sgd");
  CHECK(shown(12345678901234) == "12345678901234");
  CHECK_FALSE(table_cell("5", ListView::series).is_number);
}

TEST_CASE("a series is shown by its last value and its length, a tuple as a whole") {
  const Value list(Value::List{0.5, 0.25, 0.125});
  CHECK(shown(list) == "0.125 (3)");
  CHECK(table_cell(list, ListView::series).is_number);
  CHECK(shown(Value(Value::List{}), ListView::series) == " (0)");
  CHECK(shown(Value(Value::List{64, 128}), ListView::tuple) == "(64, 128)");
}

TEST_CASE("control characters never reach the terminal") {
  CHECK(shown("a\x1b[2Jb\nc") == "a?[2Jb?c");
}

TEST_CASE("the text of others becomes one line without control characters") {
  using malet::cli::one_line;
  CHECK(one_line("a\nb\tc \x1b[2J\x7f d\n\n") == "a b c ?[2J? d");
  CHECK(one_line("\n").empty());
}
