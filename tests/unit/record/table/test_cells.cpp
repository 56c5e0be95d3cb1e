#include <random>
#include <vector>

#include "catch.hpp"
#include "record/table/cells.hpp"

using namespace malet::record;

namespace {

std::string escaped(std::string_view cell) {
  std::string line;
  append_escaped(line, cell);
  return line;
}

std::vector<std::string> split(std::string_view line) {
  std::vector<std::string> cells;
  std::string scratch;
  std::string_view cell;
  for (CellWalk walk(line); walk.next(cell);) cells.emplace_back(unescaped(cell, scratch));
  return cells;
}

}  // namespace

TEST_CASE("cells are quoted only when they hold a tab, a quote or a line break") {
  CHECK(escaped("plain text, with [1, 'a']") == "plain text, with [1, 'a']");
  CHECK(escaped("tab\tand \"quote\"") == "\"tab\tand \"\"quote\"\"\"");
  CHECK(escaped("a\nb") == "\"a\nb\"");
  CHECK(escaped("a\rb") == "\"a\rb\"");
  CHECK(escaped("\"") == "\"\"\"\"");
  CHECK(escaped("") == "");
}

TEST_CASE("what no log may hold is replaced when it is written") {
  CHECK(escaped(std::string_view("a\0b", 3)) ==
        "a\xEF\xBF\xBD"
        "b");
  CHECK(escaped("\xFF") == "\xEF\xBF\xBD");
  CHECK(escaped("\xE9t\xC3\xA9") == "\xEF\xBF\xBDt\xC3\xA9");
}

TEST_CASE("a line of any cells splits into the same cells again") {
  std::mt19937 random(1);
  const std::string alphabet = "ab\t\"\n\r ";
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::string> cells(1 + random() % 5);
    std::string line;
    for (std::string& cell : cells) {
      for (std::size_t i = random() % 6; i > 0; --i) cell += alphabet[random() % alphabet.size()];
      if (&cell != cells.data()) line += '\t';
      append_escaped(line, cell);
    }
    CAPTURE(line);
    REQUIRE(split(line) == cells);
    REQUIRE(count_cells(line) == cells.size());
  }
}

TEST_CASE("tabs are counted in texts of every length") {
  std::mt19937 random(2);
  for (std::size_t length = 0; length < 5000; length += 1 + length / 50) {
    std::string text(length, '\0');
    std::size_t tabs = 0;
    for (char& c : text) {
      c = static_cast<char>(random() % 4 == 0 ? '\t' : static_cast<int>(random() % 256));
      tabs += c == '\t' ? 1 : 0;
    }
    REQUIRE(count_tabs(text) == tabs);
  }
  CHECK(count_tabs(std::string(100000, '\t')) == 100000);
}

TEST_CASE("bad UTF-8 is found behind any number of good bytes") {
  for (std::size_t before = 0; before < 20; ++before) {
    std::size_t bad = 0;
    CHECK(is_utf8(std::string(before, 'a') + "\xC3\xA9", bad));
    CHECK_FALSE(is_utf8(std::string(before, 'a') + "\xC3", bad));
    CHECK(bad == before);
  }
}
