#include <algorithm>

#include "catch.hpp"
#include "malet/error.hpp"
#include "record/table/table.hpp"

using malet::record::Table;

namespace {

std::vector<std::string> cells(const Table& table, std::size_t row) {
  std::vector<std::string_view> views;
  std::string scratch;
  table.split(row, views, scratch);
  return {views.begin(), views.end()};
}

using Cells = std::vector<std::string>;

}  // namespace

TEST_CASE("columns are the grid fields, then the metric fields") {
  const Table table({"lr", "seed"}, {"status"});
  CHECK(table.columns() == 3);
  CHECK(table.column("lr") == std::size_t{0});
  CHECK(table.column("status") == std::size_t{2});
  CHECK_FALSE(table.column("loss"));
}

TEST_CASE("cells that a line lacks are empty") {
  Table table({"lr"}, {"status", "loss"});
  table.append("0.1\tC");
  CHECK(table.cells(0) == 2);
  CHECK(cells(table, 0) == Cells{"0.1", "C", ""});
  CHECK(table.cell(0, 2).empty());
  CHECK(table.add_metric_field("acc") == 3);
  CHECK(cells(table, 0) == Cells{"0.1", "C", "", ""});
}

TEST_CASE("quoted cells are split without their quotes") {
  Table table({"name"}, {"a", "b"});
  table.append("\"x\ty\"\tplain\t\"say \"\"hi\"\"\"");
  CHECK(cells(table, 0) == Cells{"x\ty", "plain", "say \"hi\""});
  CHECK(table.cell(0, 2) == "say \"hi\"");
}

TEST_CASE("rows of another table are shared, and stay when it changes or is gone") {
  Table table({"lr"}, {"status", "note"});
  table.append("0.1\tC\tfirst");
  {
    Table other({"lr"}, {"status"});
    other.append("0.2\tF");
    other.append("0.3");
    table.share(other);
    other.replace(0, "9\tC");
  }
  REQUIRE(table.rows() == 3);
  CHECK(cells(table, 1) == Cells{"0.2", "F", ""});
  CHECK(cells(table, 2) == Cells{"0.3", "", ""});
}

TEST_CASE("the rows that are kept stand in the order in which they are named") {
  Table table({"i"}, {});
  for (const char* line : {"0", "1", "2", "3"}) table.append(line);
  table.keep_rows({3, 1});
  REQUIRE(table.rows() == 2);
  CHECK(table.line(0) == "3");
  CHECK(table.line(1) == "1");
  table.append("4");
  CHECK(table.line(2) == "4");
}

TEST_CASE("renamed columns keep their cells") {
  Table table({"lr"}, {"loss"});
  table.append("0.1\t2");
  table.rename({"rate"}, {"error"});
  CHECK_FALSE(table.column("lr"));
  CHECK(table.cell(0, table.column("error").value()) == "2");
}

TEST_CASE("a row keeps its last line through many replacements") {
  Table table({"i"}, {"text"});
  const auto line = [](std::size_t i, std::size_t round) {
    return std::to_string(i) + "\t" + std::string(100 + (i * round) % 50, 'x');
  };
  for (std::size_t i = 0; i < 1000; ++i) table.append(line(i, 0));
  for (std::size_t round = 1; round < 50; ++round) {
    for (std::size_t i = 0; i < table.rows(); i += 1 + round % 3) table.replace(i, line(i, round));
  }
  for (std::size_t i = 0; i < table.rows(); ++i) {
    std::size_t last = 49;
    while (i % (1 + last % 3) != 0) --last;
    REQUIRE(table.line(i) == line(i, last));
  }
}

TEST_CASE("a copy keeps its rows when the original changes, and the other way round") {
  Table table({"i"}, {});
  table.append("1");
  Table copy = table;
  table.replace(0, "2");
  copy.append("3");
  table.append("4");
  CHECK(copy.line(0) == "1");
  CHECK(copy.line(1) == "3");
  CHECK(table.line(0) == "2");
  CHECK(table.line(1) == "4");
}

TEST_CASE("a line longer than a block of memory is kept") {
  Table table({"i"}, {"series"});
  const std::string line = "1\t" + std::string(3U << 20U, 'x');
  table.append("0\tshort");
  table.append(line);
  table.append("2\tshort");
  CHECK(table.line(1) == line);
  CHECK(table.line(2) == "2\tshort");
}

TEST_CASE("a text whose rows have all been replaced many times is given back") {
  auto text = std::make_shared<const std::string>("0\t" + std::string(1000, 'x'));
  const std::weak_ptr<const std::string> watched = text;
  Table table({"i"}, {"series"});
  table.adopt(*text, 2);
  table.keep(std::move(text));
  for (std::size_t round = 0; round < 3000; ++round) {
    table.replace(0, "0\t" + std::string(1000, 'y'));
  }
  CHECK(watched.expired());
  CHECK(table.line(0) == "0\t" + std::string(1000, 'y'));
}
