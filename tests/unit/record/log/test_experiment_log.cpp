#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/files/files.hpp"
#include "catch.hpp"
#include "malet/config_iter.hpp"
#include "malet/error.hpp"
#include "malet/experiment_log.hpp"
#include "record/log/log_access.hpp"
#include "record/table/table.hpp"
#include "temp_folder.hpp"

using malet::Config;
using malet::ConfigIter;
using malet::Error;
using malet::ExperimentLog;
using malet::Metrics;
using malet::Value;

namespace {

using Names = std::vector<std::string>;

ExperimentLog small_log() {
  return ExperimentLog::from_fields({"lr", "seed"}, {"status", "loss"},
                                    {{"model", Value("cnn")}, {"epochs", Value(3)}}, "log.tsv");
}

Config config(Value lr, Value seed) {
  return Config{{"model", Value("cnn")}, {"lr", std::move(lr)}, {"seed", std::move(seed)}};
}

ExperimentLog from_rows(const std::string& rows) {
  return ExperimentLog::from_text("[Static Configs]\nmodel: cnn\n" + std::string(45, '-') +
                                      "\n  \t  \t    \tstatus\tloss\nid\tlr\tseed\t      \t    \n" +
                                      rows,
                                  "log.tsv");
}

/// A value that tells types apart: 1 is not 1.0.
bool same(const Value& value, const nlohmann::json& json) {
  if (json.is_boolean()) return value == Value(json.get<bool>());
  if (json.is_number_integer()) return value == Value(json.get<std::int64_t>());
  if (json.is_number()) return value == Value(json.get<double>());
  if (json.is_string()) return value == Value(json.get<std::string>());
  if (!json.is_array() || !value.is_list() || json.size() != value.list().size()) return false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (!same(value.list()[i], json[i])) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("grid_dict of recorded logs is Malet's, value for value and type for type") {
  std::size_t cases = 0;
  const auto root = std::filesystem::path(MALET_TEST_DATA) / "conformance";
  for (const auto& entry : std::filesystem::directory_iterator(root)) {
    if (!std::filesystem::exists(entry.path() / "grid_dict.json")) continue;
    ++cases;
    CAPTURE(entry.path());
    const auto wanted =
        nlohmann::ordered_json::parse(malet::base::read_file(entry.path() / "grid_dict.json"));
    const Value::Map found = ExperimentLog::from_tsv(entry.path() / "log.tsv").grid_dict();
    REQUIRE(found.size() == wanted.size());
    std::size_t i = 0;
    for (const auto& [name, values] : wanted.items()) {
      CAPTURE(name);
      CHECK(found[i].first == name);
      CHECK(same(found[i].second, nlohmann::json(values)));
      ++i;
    }
  }
  CHECK(cases >= 9);
}

TEST_CASE("a new log has the fields it was given and no rows") {
  const ExperimentLog log = small_log();
  CHECK(log.grid_fields() == Names{"lr", "seed"});
  CHECK(log.metric_fields() == Names{"status", "loss"});
  CHECK(log.all_fields() == Names{"model", "epochs", "lr", "seed", "status", "loss"});
  CHECK(log.size() == 0);
  CHECK(log.logs_file() == "log.tsv");
  CHECK(log.header() == "epochs: 3\nmodel: cnn\n");
}

TEST_CASE("a log has the fields of a ConfigIter and the metrics that are named") {
  const auto configs =
      ConfigIter::from_text("epochs: 3\ngrid: {lr: [1, 2], seed: [1]}\n", "e.yaml");
  const auto log = ExperimentLog::from_config_iter(configs, {"status", "loss"}, "new/log.tsv");
  CHECK(log.grid_fields() == Names{"lr", "seed"});
  CHECK(log.metric_fields() == Names{"status", "loss"});
  CHECK(log.static_configs() == Value::Map{{"epochs", 3}});
  CHECK(log.size() == 0);
  CHECK(log.logs_file() == "new/log.tsv");
  CHECK_THROWS_AS(ExperimentLog::from_config_iter(configs, {"lr"}, "log.tsv"), Error);
}

TEST_CASE("a log is not made of names that stand twice or cannot be written") {
  const auto make = [](Names grid, Names metrics) {
    return ExperimentLog::from_fields(std::move(grid), std::move(metrics), {{"model", Value("a")}},
                                      "log.tsv");
  };
  CHECK_THROWS_WITH(make({"a", "a"}, {}), ContainsSubstring("log.tsv: the column name 'a' stands"));
  CHECK_THROWS_WITH(make({"a"}, {"a"}), ContainsSubstring("stands twice"));
  CHECK_THROWS_WITH(make({"model"}, {}), ContainsSubstring("'model' stands twice"));
  CHECK_THROWS_WITH(make({""}, {}), ContainsSubstring("is empty"));
  CHECK_THROWS_WITH(make({}, {"a\tb"}), ContainsSubstring("'a\\tb' holds a tab"));
  CHECK_THROWS_WITH(make({"id"}, {}), ContainsSubstring("'id' is that of the column"));
  CHECK_THROWS_WITH(make({}, {"id"}), ContainsSubstring("'id' is that of the column"));
  CHECK_THROWS_WITH(make({}, {"caf\xE9"}), ContainsSubstring("'caf\\xe9' is not UTF-8"));
}

TEST_CASE("a result is found again by its config, whatever the order of its fields") {
  ExperimentLog log = small_log();
  CHECK_FALSE(log.isin(config(0.1, 1)));
  log.add_result(config(0.1, 1), {{"status", "C"}, {"loss", 0.5}});
  CHECK(log.isin(Config{{"seed", 1}, {"lr", 0.1}}));
  CHECK(log.isin(Config{{"seed", 1}, {"lr", 0.1}, {"unknown", 7}}));
  CHECK_FALSE(log.isin(config(0.1, 2)));
  CHECK(log.get_metric(config(0.1, 1)) == Metrics{{"status", "C"}, {"loss", 0.5}});
}

TEST_CASE("another static value is not in the log") {
  ExperimentLog log = small_log();
  log.add_result(config(0.1, 1), {});
  CHECK_FALSE(log.isin(Config{{"model", "mlp"}, {"lr", 0.1}, {"seed", 1}}));
  CHECK_FALSE(log.isin(Config{{"lr", 0.1}}));
  CHECK_FALSE(log.isin(Config{{"epochs", 4}, {"lr", 0.1}, {"seed", 1}}));
  CHECK(log.isin(Config{{"epochs", 3.0}, {"lr", 0.1}, {"seed", 1}}));
  log.set_static_configs({{"model", Value("mlp")}});
  CHECK(log.isin(Config{{"model", "mlp"}, {"lr", 0.1}, {"seed", 1}}));
}

TEST_CASE("a grid field that a config lacks counts as null") {
  ExperimentLog log = small_log();
  const Config lacking{{"model", "cnn"}, {"lr", 0.1}};
  CHECK_FALSE(log.isin(lacking));
  log.add_result(lacking, {{"loss", 1}});
  CHECK(log.isin(lacking));
  CHECK(log.isin(config(0.1, Value())));
  log.add_result(config(0.1, Value()), {{"loss", 2}});
  log.add_result(config(0.1, 1), {{"loss", 3}});
  CHECK(log.size() == 2);
  CHECK(*log.get_metric(lacking).find("loss") == Value(2));
  CHECK(log.df().text(0, "seed").empty());
  CHECK_THROWS_WITH(log.add_result(lacking, {{"seed", 7}}), ContainsSubstring("'seed' bears"));
}

TEST_CASE("values that a cell cannot tell apart are one config") {
  ExperimentLog log = small_log();
  log.add_result(config("1", Value::List{64}), {{"loss", 1}});
  CHECK(log.isin(config(1, Value::List{64})));
  CHECK(log.isin(config(1.0, "(64,)")));
  CHECK(log.isin(config("1.0", "[64]")));
  CHECK_FALSE(log.isin(config(1, 64)));
  log.add_result(config(0.0, Value()), {{"loss", 2}});
  CHECK(log.isin(config(0, Value())));
  CHECK(log.isin(config(-0.0, std::numeric_limits<double>::quiet_NaN())));
  CHECK_FALSE(log.isin(config(Value(), 0)));
  CHECK(log.size() == 2);
}

TEST_CASE("a second result of a config goes into its row and keeps other metrics") {
  ExperimentLog log = small_log();
  log.add_result(config(0.1, 1), {{"status", "R"}, {"loss", Value::List{2.0, 1.5}}});
  log.add_result(config(0.2, 1), {{"status", "R"}});
  log.add_result(config(0.1, 1.0), {{"status", "C"}});
  CHECK(log.size() == 2);
  CHECK(log.get_metric(config(0.1, 1)) ==
        Metrics{{"status", "C"}, {"loss", Value::List{2.0, 1.5}}});
  log.add_result(config(0.1, 1), {{"loss", Value()}});
  CHECK(log.df().text(0, "loss").empty());
}

TEST_CASE("a metric that the log does not have becomes a column at the end") {
  ExperimentLog log = small_log();
  log.add_result(config(0.1, 1), {{"status", "C"}});
  log.add_result(config(0.2, 1), {{"acc", 0.9}, {"note", "a\tb"}, {"loss", 1}});
  CHECK(log.metric_fields() == Names{"status", "loss", "acc", "note"});
  CHECK(log.get_metric(config(0.1, 1)) ==
        Metrics{{"status", "C"}, {"loss", Value()}, {"acc", Value()}, {"note", Value()}});
  CHECK(log.get_metric(config(0.2, 1)) ==
        Metrics{{"status", Value()}, {"loss", 1}, {"acc", 0.9}, {"note", "a\tb"}});
}

TEST_CASE("results that cannot be written are refused and change nothing") {
  ExperimentLog log = small_log();
  CHECK_THROWS_WITH(log.add_result(config(1, 1), {{"acc", 1}, {"lr", 1}}),
                    ContainsSubstring("log.tsv: the metric 'lr' bears"));
  CHECK_THROWS_WITH(log.add_result(config(1, 1), {{"model", 1}}), ContainsSubstring("'model'"));
  CHECK_THROWS_WITH(log.add_result(config(1, 1), {{"epochs", 1}}), ContainsSubstring("'epochs'"));
  CHECK_THROWS_WITH(log.add_result(config(1, 1), {{"", 1}}), ContainsSubstring("is empty"));
  CHECK_THROWS_WITH(log.add_result(config(1, 1), {{"id", 1}}), ContainsSubstring("'id'"));
  CHECK_THROWS_WITH(log.add_result(config(1, 1), {{"\xFF", 1}}), ContainsSubstring("not UTF-8"));
  CHECK(log.size() == 0);
  CHECK(log.metric_fields() == Names{"status", "loss"});
  CHECK_THROWS_WITH(log.get_metric(config(1, 1)), ContainsSubstring("no row for the config"));
}

TEST_CASE("where a log holds a config several times, the best row speaks and is updated") {
  ExperimentLog log = from_rows("0\t1\t1\tC\t0.25\n1\t1.0\t1\tF\t\n2\t2\t1\tR\t\n3\t2\t1\tF\t9\n");
  CHECK(log.get_metric(config(1, 1)) == Metrics{{"status", "C"}, {"loss", 0.25}});
  CHECK(log.get_metric(config(2, 1)) == Metrics{{"status", "F"}, {"loss", 9}});
  log.add_result(config(2, 1), {{"status", "C"}});
  CHECK(log.size() == 4);
  CHECK(log.df().text(3, "status") == "C");
  CHECK(log.df().text(2, "status") == "R");
}

TEST_CASE("cells come as values, or as text when they are not to be parsed") {
  const std::string path = std::string(MALET_TEST_DATA) + "/conformance/list_values/log.tsv";
  const ExperimentLog log = ExperimentLog::from_tsv(path);
  CHECK(log.df().value(0, "hidden") == Value(Value::List{64}));
  CHECK(log.df().configs(0)[1].second == Value(Value::List{0.9, 0.999}));
  CHECK(log.df().fields().size() == 11);
  CHECK(log.df().value(0, "no such field").is_null());
  const ExperimentLog text = ExperimentLog::from_tsv(path, false);
  CHECK(text.df().value(0, "hidden") == Value("(64,)"));
  CHECK(text.df().value(0, "commit_hash").is_null());
  CHECK(text.df().metrics(0).find("steps")->is_text());
}

TEST_CASE("parse_tsv gives all parts of a log") {
  const std::string path =
      std::string(MALET_TEST_DATA) + "/conformance/spaces_and_comments/log.tsv";
  const auto parts = ExperimentLog::parse_tsv(path);
  CHECK(parts.static_configs == Value::Map{{"model", Value("m")}});
  CHECK(parts.grid_fields == Names{"lr", "seed"});
  REQUIRE(parts.df.size() == 2);
  CHECK(parts.df[1][0] == Value(0.2));
  CHECK(parts.df[1][5] == Value("C"));
  CHECK(ExperimentLog::parse_tsv(path, false).df[1][0] == Value("0.2"));
}

TEST_CASE("a log comes back from its file with every kind of value") {
  const malet::test::TempFolder folder;
  const auto path = folder.path() / "new" / "log.tsv";
  ExperimentLog log = ExperimentLog::from_fields(
      {"name", "width"}, {"status"}, {{"lr", Value(1e-05)}, {"text", Value("1")}}, path);
  log.add_result(Config{{"name", "tab\tand \"quote\"\nand line"}, {"width", Value::List{64}}},
                 {{"status", "C"}, {"series", Value::List{1.0, Value(), "x"}}, {"inf", -INFINITY}});
  log.add_result(Config{{"name", Value()}, {"width", Value::List{}}}, {{"status", "F"}});
  log.to_tsv();
  ExperimentLog read;
  read.set_logs_file(path);
  read.load_tsv();
  const ExperimentLog same = ExperimentLog::from_tsv(path);
  CHECK(same.static_configs() == read.static_configs());
  CHECK(same.df().metrics(0) == read.df().metrics(0));
  CHECK(read.is_same_exp(log));
  CHECK(read.logs_file() == path);
  CHECK(read.static_configs() == Value::Map{{"lr", Value(1e-05)}, {"text", Value("1")}});
  CHECK(read.df().text(0, "name") == "tab\tand \"quote\"\nand line");
  CHECK(read.df().text(0, "width") == "(64,)");
  CHECK(read.df().value(0, "series") == Value(Value::List{1.0, Value(), "x"}));
  CHECK(read.df().value(0, "inf") == Value(-INFINITY));
  CHECK(read.df().text(1, "width") == "()");
  const std::string text = malet::base::read_file(path);
  read.to_tsv(folder.path() / "again.tsv");
  CHECK(folder.read("again.tsv") == text);
}

TEST_CASE("loading a log that is damaged leaves the log and the file as they were") {
  const malet::test::TempFolder folder;
  const auto path = folder.write("log.tsv", "[Static Configs]\nmodel: cnn\n");
  ExperimentLog log = small_log();
  log.add_result(config(1, 1), {{"loss", 1}});
  CHECK_THROWS_AS(log.load_tsv(path), Error);
  CHECK(log.size() == 1);
  CHECK(folder.read("log.tsv") == "[Static Configs]\nmodel: cnn\n");
  CHECK_THROWS_WITH(ExperimentLog::from_tsv(folder.path() / "none.tsv"),
                    ContainsSubstring("none.tsv"));
  CHECK_THROWS_WITH(ExperimentLog().to_tsv(), ContainsSubstring("no file"));
  CHECK_THROWS_WITH(ExperimentLog().load_tsv(),
                    ContainsSubstring("the log has no file to be read"));
}

TEST_CASE("the header is written anew only when the static configs change") {
  ExperimentLog log = ExperimentLog::from_text(
      "[Static Configs]\nmodel:   'cnn'  # ours\n" + std::string(45, '-') + "\n  \nid\n", "x");
  log.set_static_configs({{"model", Value("cnn")}});
  CHECK(log.header() == "model:   'cnn'  # ours\n");
  log.set_static_configs({{"model", Value("mlp")}});
  CHECK(log.header() == "model: mlp\n");
}

TEST_CASE("copies of a log are independent") {
  ExperimentLog log = small_log();
  log.add_result(config(1, 1), {{"loss", 1}});
  ExperimentLog copy = log;
  copy.add_result(config(1, 1), {{"loss", 2}});
  copy.add_result(config(2, 1), {{"loss", 3}});
  CHECK(log.size() == 1);
  CHECK(*log.get_metric(config(1, 1)).find("loss") == Value(1));
  CHECK(*copy.get_metric(config(2, 1)).find("loss") == Value(3));
}

TEST_CASE("experiments are the same by the names of their config fields") {
  const auto log = [](Names grid, Value::Map statics) {
    return ExperimentLog::from_fields(std::move(grid), {"loss"}, std::move(statics), "log.tsv");
  };
  const ExperimentLog mine = log({"a", "b"}, {{"model", "x"}});
  CHECK(mine.is_same_exp(log({"b", "a"}, {{"model", "x"}})));
  CHECK(mine.is_same_exp(log({"b", "a"}, {{"model", "y"}})));
  CHECK(mine.is_same_exp(log({"a"}, {{"b", 1}, {"model", "x"}})));
  CHECK(mine.is_same_exp(log({"model", "a", "b"}, {})));
  CHECK_FALSE(mine.is_same_exp(log({"a"}, {{"model", "x"}})));
  CHECK_FALSE(mine.is_same_exp(log({"a", "b"}, {{"model", "x"}, {"more", 1}})));
}

TEST_CASE("rows changed behind the log's back are found all the same") {
  ExperimentLog log = small_log();
  log.add_result(config(1, 1), {{"loss", 1}});
  malet::record::change_table(log).append("2\t1\tC\t5");
  CHECK(*log.get_metric(config(2, 1)).find("loss") == Value(5));
}
