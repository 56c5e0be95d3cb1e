#include "catch.hpp"
#include "malet/error.hpp"
#include "record/log/columns.hpp"

using malet::Config;
using malet::ExperimentLog;
using malet::Value;
using malet::record::carry_over;
using malet::record::in_columns;
using malet::record::Table;
using malet::record::with_column;

namespace {

using Cells = std::vector<std::string>;
using Names = std::vector<std::string>;

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

ExperimentLog empty_log(Names grid, Value::Map static_configs) {
  auto log = ExperimentLog::from_fields(std::move(grid), {"loss"}, std::move(static_configs), "");
  return log;
}

bool carried(ExperimentLog& log, const Value::Map& static_configs, const Names& grid) {
  return carry_over(log, static_configs, grid, "log.tsv", "exp_config.yaml");
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

TEST_CASE("a log with the experiment's fields in their places stays as it is") {
  ExperimentLog log = empty_log({"lr"}, {{"model", Value("cnn")}, {"wd", Value(0)}});
  CHECK_FALSE(carried(log, {{"wd", Value(0.0)}, {"model", Value("cnn")}}, {"lr"}));
}

TEST_CASE("a static field of the log that is in the grid now becomes a column") {
  ExperimentLog log =
      empty_log({"lr"}, {{"model", Value("cnn")}, {"width", Value(Value::List{64})}});
  log.add_result(Config{{"lr", 0.1}}, {{"loss", 1}});
  log.add_result(Config{{"lr", 0.2}}, {{"loss", 2}});
  CHECK(carried(log, {{"model", Value("cnn")}}, {"width", "lr"}));
  CHECK(log.grid_fields() == Names{"lr", "width"});
  CHECK(log.static_configs() == Value::Map{{"model", Value("cnn")}});
  CHECK(log.header() == "model: cnn\n");
  CHECK(log.df().text(1, "width") == "(64,)");
  CHECK(log.isin(Config{{"width", Value::List{64}}, {"lr", 0.2}}));
  CHECK_FALSE(log.isin(Config{{"width", Value::List{128}}, {"lr", 0.2}}));
}

TEST_CASE("a grid field of the log that is static now stays a column") {
  ExperimentLog log = empty_log({"lr", "seed"}, {{"model", Value("cnn")}});
  log.add_result(Config{{"lr", 0.1}, {"seed", 1}}, {{"loss", 1}});
  CHECK_FALSE(carried(log, {{"model", Value("cnn")}, {"seed", Value(1)}}, {"lr"}));
  CHECK(log.grid_fields() == Names{"lr", "seed"});
  CHECK(log.isin(Config{{"model", "cnn"}, {"seed", 1}, {"lr", 0.1}}));
}

TEST_CASE("another static value is an error that names the field and both values") {
  ExperimentLog log = empty_log({"lr"}, {{"epochs", Value(3)}, {"seed", Value(1)}});
  CHECK_THROWS_WITH(
      carried(log, {{"epochs", Value(5)}}, {"lr", "seed"}),
      ContainsSubstring(
          "log.tsv:2: the static config 'epochs' is 3 in the log and 5 in exp_config.yaml"));
  CHECK(log.grid_fields() == Names{"lr"});
}

TEST_CASE("fields that are new or gone are an error that names them and the merge command") {
  ExperimentLog log = empty_log({"lr"}, {{"model", Value("cnn")}, {"old", Value(1)}});
  CHECK_THROWS_WITH(
      carried(log, {{"model", Value("cnn")}}, {"lr", "seed", "wd"}),
      ContainsSubstring("log.tsv:3: the log has no field 'seed', 'wd' and has the field 'old'") &&
          ContainsSubstring("malet-mpi merge"));
  CHECK_THROWS_WITH(carried(log, {{"model", Value("cnn")}, {"old", Value(1)}}, {"lr", "wd"}),
                    ContainsSubstring("log.tsv:6: the log has no field 'wd', so"));
  CHECK_THROWS_WITH(carried(log, {{"model", Value("cnn")}, {"old", Value(1)}}, {}),
                    ContainsSubstring("log.tsv:6: the log has the field 'lr' that"));
}

TEST_CASE("a field that the log has as a metric cannot become a grid field") {
  ExperimentLog log = ExperimentLog::from_text(
      "[Static Configs]\nloss: 1\n" + std::string(45, '-') + "\n  \tloss\nid\t    \n", "log.tsv");
  CHECK_THROWS_WITH(carried(log, {}, {"loss"}),
                    ContainsSubstring("log.tsv:4: 'loss' is a metric in the log"));
}
