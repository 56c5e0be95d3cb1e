#include <stdexcept>

#include "catch.hpp"
#include "malet/error.hpp"
#include "malet/experiment_log.hpp"

using malet::Config;
using malet::ExperimentLog;
using malet::Value;

namespace {

using Names = std::vector<std::string>;

const std::string text = "[Static Configs]\nepochs: 3\nmodel: cnn\n" + std::string(45, '-') +
                         "\n  \t  \t    \tstatus\tloss\tacc\n"
                         "id\tlr\tseed\t      \t    \t   \n"
                         "0\t0.10\t1\tC\t[3.0, 1.50]\t0.5\n"
                         "1\t1e-1\t\tF\t\t\n";

ExperimentLog epochs_log() {
  return ExperimentLog::from_text(text, "log.tsv");
}

Value sum(std::span<const Value> values) {
  double total = 0;
  for (const Value& value : values) total += value.is_null() ? 100 : value.number();
  return total;
}

}  // namespace

TEST_CASE("a metric is derived from static, grid and metric fields") {
  ExperimentLog log = epochs_log();
  log.derive_field("total", sum, {"epochs", "seed", "acc"});
  CHECK(log.metric_fields() == Names{"status", "loss", "acc", "total"});
  CHECK(log.df().value(0, "total") == Value(4.5));
  CHECK(log.df().value(1, "total") == Value(203.0));
}

TEST_CASE("a derived grid field stands behind the others and is part of the config") {
  ExperimentLog log = epochs_log();
  CHECK(log.isin(Config{{"lr", 0.1}, {"seed", 1}}));
  log.derive_field(
      "pair",
      [](auto values) {
        return Value::List{values[0], values[1]};
      },
      {"seed", "epochs"}, true);
  CHECK(log.grid_fields() == Names{"lr", "seed", "pair"});
  CHECK(log.df().text(0, "pair") == "(1, 3)");
  CHECK(log.isin(Config{{"lr", 0.1}, {"seed", 1}, {"pair", Value::List{1, 3}}}));
  CHECK_FALSE(log.isin(Config{{"lr", 0.1}, {"seed", 1}}));
}

TEST_CASE("deriving leaves the text of other cells as it is") {
  ExperimentLog log = epochs_log();
  log.derive_field("total", sum, {"seed"});
  CHECK(log.df().text(0, "lr") == "0.10");
  CHECK(log.df().text(1, "lr") == "1e-1");
  CHECK(log.df().text(0, "loss") == "[3.0, 1.50]");
}

TEST_CASE("a metric that is derived anew keeps its place") {
  ExperimentLog log = epochs_log();
  log.derive_field("loss", sum, {"seed"});
  CHECK(log.metric_fields() == Names{"status", "loss", "acc"});
  CHECK(log.df().text(0, "loss") == "1.0");
  CHECK(log.df().text(0, "acc") == "0.5");
}

TEST_CASE("a field that cannot be derived leaves the log as it was") {
  ExperimentLog log = epochs_log();
  CHECK_THROWS_WITH(log.derive_field("x", sum, {"width"}),
                    ContainsSubstring("no field 'width'; the fields are: epochs, model, lr"));
  CHECK_THROWS_WITH(log.derive_field("seed", sum, {"lr"}), ContainsSubstring("'seed' already"));
  CHECK_THROWS_WITH(log.derive_field("model", sum, {"lr"}), ContainsSubstring("'model' already"));
  CHECK_THROWS_WITH(log.derive_field("loss", sum, {"lr"}, true), ContainsSubstring("already"));
  CHECK_THROWS_WITH(log.derive_field("a\tb", sum, {"lr"}), ContainsSubstring("holds a tab"));
  const auto fail = [](std::span<const Value>) -> Value { throw std::domain_error("no"); };
  CHECK_THROWS_AS(log.derive_field("x", fail, {"lr"}), std::domain_error);
  CHECK(log.all_fields() == epochs_log().all_fields());
}

TEST_CASE("static, grid and metric fields are dropped") {
  ExperimentLog log = epochs_log();
  log.drop_fields({"epochs", "seed", "loss"});
  CHECK(log.all_fields() == Names{"model", "lr", "status", "acc"});
  CHECK(log.header() == "model: cnn\n");
  CHECK(log.df().text(0, "lr") == "0.10");
  CHECK(log.isin(Config{{"lr", 0.1}}));
}

TEST_CASE("dropping a field that is none changes nothing") {
  ExperimentLog log = epochs_log();
  CHECK_THROWS_WITH(log.drop_fields({"loss", "width"}), ContainsSubstring("no field 'width'"));
  CHECK(log.all_fields() == epochs_log().all_fields());
}

TEST_CASE("fields are renamed in their places, and two can swap their names") {
  ExperimentLog log = epochs_log();
  log.rename_fields({{"lr", "seed"}, {"seed", "lr"}, {"acc", "accuracy"}, {"model", "net"}});
  CHECK(log.all_fields() == Names{"epochs", "net", "seed", "lr", "status", "loss", "accuracy"});
  CHECK(log.df().text(0, "seed") == "0.10");
  CHECK(log.isin(Config{{"seed", 0.1}, {"lr", 1}, {"net", "cnn"}}));
  CHECK_FALSE(log.isin(Config{{"seed", 0.1}, {"lr", 1}, {"net", "mlp"}}));
}

TEST_CASE("a name that another field has, or that no column can have, is refused") {
  ExperimentLog log = epochs_log();
  CHECK_THROWS_WITH(log.rename_fields({{"lr", "seed"}}), ContainsSubstring("'lr' cannot become"));
  CHECK_THROWS_WITH(log.rename_fields({{"lr", "model"}}), ContainsSubstring("'lr' cannot become"));
  CHECK_THROWS_WITH(log.rename_fields({{"lr", "x"}, {"seed", "x"}}), ContainsSubstring("cannot"));
  CHECK_THROWS_WITH(log.rename_fields({{"lr", "id"}}), ContainsSubstring("'id'"));
  CHECK_THROWS_WITH(log.rename_fields({{"width", "x"}}), ContainsSubstring("no field 'width'"));
  CHECK(log.all_fields() == epochs_log().all_fields());
}
