#include "catch.hpp"
#include "record/log/columns.hpp"

using malet::Value;
using malet::record::in_columns;
using malet::record::Table;
using malet::record::with_column;

namespace {

using Cells = std::vector<std::string>;

Cells cells(const Table& table, std::size_t row) {
  std::vector<std::string_view> views;
  std::string scratch;
  table.split(row, views, scratch);
  return {views.begin(), views.end()};
}

Table small_table() {
  Table table({"lr"}, {"status", "note"});
  table.append("0.10\tC\t\"a\tb\"");
  table.append("0.2");
  table.append("\"q\"\"\"\tF");
  return table;
}

}  // namespace

TEST_CASE("a static field that becomes a grid field fills every row") {
  const Table table =
      in_columns(small_table(), {{"seed", Value("(1,\t2)")}}, {"lr", "seed"}, {"status", "note"});
  CHECK(table.column("status") == std::size_t{2});
  CHECK(cells(table, 0) == Cells{"0.10", "(1,\t2)", "C", "a\tb"});
  CHECK(cells(table, 1) == Cells{"0.2", "(1,\t2)", "", ""});
  CHECK(cells(table, 2) == Cells{"q\"", "(1,\t2)", "F", ""});
}

TEST_CASE("columns come in the order asked for, and those that nobody has are empty") {
  const Table table = in_columns(small_table(), {}, {"wd", "lr"}, {"acc", "note"});
  CHECK(cells(table, 0) == Cells{"", "0.10", "", "a\tb"});
  CHECK(cells(table, 1) == Cells{"", "0.2", "", ""});
}

TEST_CASE("columns that are left out at the end are gone from the lines") {
  const Table table = in_columns(small_table(), {}, {"lr"}, {"status"});
  CHECK(table.line(0) == "0.10\tC");
  CHECK(in_columns(small_table(), {}, {}, {}).line(0).empty());
}

TEST_CASE("a metric is not taken for a grid field of its name") {
  CHECK(cells(in_columns(small_table(), {}, {"status"}, {}), 0) == Cells{""});
  CHECK(cells(in_columns(small_table(), {}, {}, {"lr"}), 0) == Cells{""});
}

TEST_CASE("a table without columns has rows, and gets columns") {
  Table table;
  table.append("");
  const Table made = in_columns(table, {{"seed", Value(1)}}, {"seed"}, {"loss"});
  REQUIRE(made.rows() == 1);
  CHECK(cells(made, 0) == Cells{"1", ""});
  CHECK(in_columns(made, {}, {}, {}).rows() == 1);
}

TEST_CASE("a column more stands behind those of its kind, and other cells keep their text") {
  const Cells added = {"1", "a\tb", ""};
  const Table index = with_column(small_table(), "seed", true, added);
  CHECK(index.grid_fields() == Cells{"lr", "seed"});
  CHECK(index.line(0) == "0.10\t1\tC\t\"a\tb\"");
  CHECK(cells(index, 1) == Cells{"0.2", "a\tb", "", ""});
  const Table metric = with_column(small_table(), "acc", false, added);
  CHECK(metric.metric_fields() == Cells{"status", "note", "acc"});
  CHECK(cells(metric, 0) == Cells{"0.10", "C", "a\tb", "1"});
  const Table changed = with_column(small_table(), "status", false, added);
  CHECK(changed.metric_fields() == Cells{"status", "note"});
  CHECK(cells(changed, 0) == Cells{"0.10", "1", "a\tb"});
}
