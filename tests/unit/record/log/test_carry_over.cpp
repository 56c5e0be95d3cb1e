#include "catch.hpp"
#include "malet/error.hpp"
#include "record/log/carry_over.hpp"

using malet::Config;
using malet::ExperimentLog;
using malet::Value;
using malet::record::carry_over;

namespace {

using Names = std::vector<std::string>;

ExperimentLog log_of(Names grid, Value::Map static_configs) {
  auto log = ExperimentLog::from_fields(std::move(grid), {"loss"}, std::move(static_configs), "");
  return log;
}

bool carried(ExperimentLog& log, const Value::Map& static_configs, const Names& grid) {
  return carry_over(log, static_configs, grid, "log.tsv", "exp_config.yaml");
}

}  // namespace

TEST_CASE("a log with the experiment's fields in their places stays as it is") {
  ExperimentLog log = log_of({"lr"}, {{"model", Value("cnn")}, {"wd", Value(0)}});
  CHECK_FALSE(carried(log, {{"wd", Value(0.0)}, {"model", Value("cnn")}}, {"lr"}));
}

TEST_CASE("a static field of the log that is in the grid now becomes a column") {
  ExperimentLog log = log_of({"lr"}, {{"model", Value("cnn")}, {"width", Value(Value::List{64})}});
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
  ExperimentLog log = log_of({"lr", "seed"}, {{"model", Value("cnn")}});
  log.add_result(Config{{"lr", 0.1}, {"seed", 1}}, {{"loss", 1}});
  CHECK_FALSE(carried(log, {{"model", Value("cnn")}, {"seed", Value(1)}}, {"lr"}));
  CHECK(log.grid_fields() == Names{"lr", "seed"});
  CHECK(log.isin(Config{{"model", "cnn"}, {"seed", 1}, {"lr", 0.1}}));
}

TEST_CASE("another static value is an error that names the field and both values") {
  ExperimentLog log = log_of({"lr"}, {{"epochs", Value(3)}, {"seed", Value(1)}});
  CHECK_THROWS_WITH(
      carried(log, {{"epochs", Value(5)}}, {"lr", "seed"}),
      ContainsSubstring(
          "log.tsv:2: the static config 'epochs' is 3 in the log and 5 in exp_config.yaml"));
  CHECK(log.grid_fields() == Names{"lr"});
}

TEST_CASE("fields that are new or gone are an error that names them and the merge command") {
  ExperimentLog log = log_of({"lr"}, {{"model", Value("cnn")}, {"old", Value(1)}});
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
