#include <cmath>
#include <nlohmann/json.hpp>

#include "base/files/files.hpp"
#include "catch.hpp"
#include "malet/error.hpp"
#include "malet/experiment_log.hpp"
#include "record/log/fields.hpp"
#include "record/log/log_access.hpp"
#include "record/table/table.hpp"

using malet::ExperimentLog;
using malet::LogTable;
using malet::MeltedLog;
using malet::Value;

namespace {

namespace fs = std::filesystem;

/// A log with one grid field and these lines.
ExperimentLog log_of_lines(std::vector<std::string> metrics,
                           const std::vector<std::string>& lines) {
  ExperimentLog log = ExperimentLog::from_fields({"lr"}, std::move(metrics), {}, "log.tsv");
  for (const std::string& line : lines) malet::record::change_table(log).append(line);
  return log;
}

struct Flat {
  std::string metric;
  std::size_t log_row, step, total;
  double value;

  bool operator==(const Flat& other) const {
    const bool same = value == other.value || (std::isnan(value) && std::isnan(other.value));
    return metric == other.metric && log_row == other.log_row && step == other.step &&
           total == other.total && same;
  }
};

std::vector<Flat> flat(const MeltedLog& melted) {
  std::vector<Flat> all;
  for (std::size_t i = 0; i < melted.size(); ++i) {
    const auto& row = melted[i];
    all.push_back({melted.metric(i), row.log_row, row.step, row.total_steps, row.metric_value});
  }
  return all;
}

const double not_a_number = std::nan("");

/// Whether a grid value is what pandas made of its column.
bool same_number(const Value& value, const nlohmann::json& json) {
  if (json.is_array()) {
    if (!value.is_list() || value.list().size() != json.size()) return false;
    for (std::size_t i = 0; i < json.size(); ++i) {
      if (!same_number(value.list()[i], json[i])) return false;
    }
    return true;
  }
  if (json.is_boolean()) return value == Value(json.get<bool>());
  if (json.is_string()) return value == Value(json.get<std::string>());
  if (!value.is_number()) return false;
  // pandas may miss the nearest real by a unit in its last place.
  return value.number() == json.get<double>() ||
         malet::record::pandas_real(malet::to_cell(value)) == json.get<double>();
}

}  // namespace

TEST_CASE("the long form is Python Malet's, value for value", "[conformance]") {
  std::size_t cases = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(MALET_TEST_DATA) / "conformance")) {
    if (!fs::exists(entry.path() / "melted.json")) continue;
    ++cases;
    const auto log = ExperimentLog::from_tsv(entry.path() / "log.tsv");
    const auto file = nlohmann::json::parse(malet::base::read_file(entry.path() / "melted.json"));
    for (const auto& [step_text, wanted] : file.items()) {
      CAPTURE(entry.path(), step_text);
      const auto step = step_text == "None" ? std::nullopt : std::optional(std::stoi(step_text));
      const MeltedLog melted = log.melt_and_explode_metric({}, step);
      CHECK(nlohmann::json(melted.index_fields()) == wanted["index"]);
      const auto& rows = wanted["rows"];
      REQUIRE(melted.size() == rows.size());
      for (std::size_t i = 0; i < melted.size(); ++i) {
        CAPTURE(i, rows[i].dump());
        const Value::Map configs = melted.configs(i);
        REQUIRE(rows[i].size() == configs.size() + 4);
        for (std::size_t field = 0; field < configs.size(); ++field) {
          REQUIRE(same_number(configs[field].second, rows[i][field]));
        }
        const std::size_t at = configs.size();
        REQUIRE(melted.metric(i) == rows[i][at]);
        REQUIRE(melted[i].step == rows[i][at + 1]);
        REQUIRE(melted[i].total_steps == rows[i][at + 2]);
        REQUIRE(melted[i].metric_value == rows[i][at + 3].get<double>());
      }
    }
  }
  CHECK(cases >= 8);
}

TEST_CASE("series give a row per step, metric by metric, and info columns none") {
  const auto log =
      log_of_lines({"status", "loss", "acc"}, {"0.1\tC\t[3, 2.5]\t0.5", "0.2\tC\t7\tTrue"});
  const MeltedLog melted = log.melt_and_explode_metric();
  CHECK(flat(melted) == std::vector<Flat>{{"loss", 0, 1, 2, 3},
                                          {"loss", 0, 2, 2, 2.5},
                                          {"loss", 1, 1, 1, 7},
                                          {"acc", 0, 1, 1, 0.5},
                                          {"acc", 1, 1, 1, 1}});
  CHECK(melted.index_fields() == std::vector<std::string>{"lr", "metric", "step", "total_steps"});
  CHECK(melted.metrics() == std::vector<std::string>{"loss", "acc"});
  CHECK(melted.config_texts(2) == std::vector<std::string>{"0.2"});
}

TEST_CASE("one step is taken of each series, and scalars count for every step") {
  const auto log = log_of_lines({"loss"}, {"0.1\t[3, 2, 1]", "0.2\t[9]", "0.3\t5"});
  CHECK(flat(log.melt_and_explode_metric({}, 2)) ==
        std::vector<Flat>{{"loss", 0, 2, 3, 2}, {"loss", 2, 2, 1, 5}});
  CHECK(flat(log.melt_and_explode_metric({}, 2, false)) ==
        std::vector<Flat>{
            {"loss", 0, 2, 3, 2}, {"loss", 1, 2, 1, not_a_number}, {"loss", 2, 2, 1, 5}});
  CHECK(flat(log.melt_and_explode_metric({}, -1)) ==
        std::vector<Flat>{{"loss", 0, 3, 3, 1}, {"loss", 1, 1, 1, 9}, {"loss", 2, 1, 1, 5}});
  CHECK_THROWS_WITH(log.melt_and_explode_metric({}, 0), ContainsSubstring("no step 0"));
  CHECK_THROWS_WITH(log.melt_and_explode_metric({}, -2), ContainsSubstring("no step -2"));
}

TEST_CASE("nulls are left out, or kept as NaN where the metric has numbers at all") {
  const auto log =
      log_of_lines({"loss", "note"}, {"0.1\t[1, nan, None]\tok", "0.2\t\t", "0.3\t[]\t"});
  CHECK(flat(log.melt_and_explode_metric()) == std::vector<Flat>{{"loss", 0, 1, 3, 1}});
  CHECK(flat(log.melt_and_explode_metric({}, {}, false)) ==
        std::vector<Flat>{{"loss", 0, 1, 3, 1},
                          {"loss", 0, 2, 3, not_a_number},
                          {"loss", 0, 3, 3, not_a_number},
                          {"loss", 1, 1, 1, not_a_number},
                          {"loss", 2, 1, 0, not_a_number}});
}

TEST_CASE("infinities are values; texts and lists within lists are none") {
  const auto log = log_of_lines({"loss"}, {"0.1\t[inf, 'x', [1], -inf]", "0.2\tdiverged"});
  CHECK(flat(log.melt_and_explode_metric()) ==
        std::vector<Flat>{{"loss", 0, 1, 4, INFINITY}, {"loss", 0, 4, 4, -INFINITY}});
}

TEST_CASE("only the rows of the view that is given are melted, and it may outlive the log") {
  MeltedLog melted = [] {
    const auto log = log_of_lines({"loss"}, {"0.1\t1", "0.2\t2", "0.3\t3"});
    const LogTable some = log.df().select([](std::size_t row) { return row != 1; });
    CHECK(some.size() == 2);
    CHECK(some.text(1, "loss") == "3");
    const LogTable one =
        some.select([&](std::size_t row) { return some.text(row, "lr") != "0.1"; });
    CHECK(one.size() == 1);
    CHECK(one.log_row(0) == 2);
    return log.melt_and_explode_metric(some);
  }();
  CHECK(flat(melted) == std::vector<Flat>{{"loss", 0, 1, 1, 1}, {"loss", 2, 1, 1, 3}});
  CHECK(melted.configs(1) == Value::Map{{"lr", 0.3}});
}

TEST_CASE("configs are given as they stand, quotes taken off, or as text") {
  ExperimentLog made = ExperimentLog::from_fields({"lr", "note"}, {"loss"}, {}, "");
  malet::record::change_table(made).append("1e-1\t\"a\tb\"\t[1, 2]");
  malet::record::change_table(made).append("");
  const MeltedLog melted = made.melt_and_explode_metric({}, {}, false);
  REQUIRE(melted.size() == 3);
  CHECK(melted.config_texts(1) == std::vector<std::string>{"1e-1", "a\tb"});
  CHECK(melted.configs(1) == Value::Map{{"lr", 0.1}, {"note", "a\tb"}});
  CHECK(melted.configs(2) == Value::Map{{"lr", Value()}, {"note", Value()}});
  const auto text = ExperimentLog::from_text(
      "[Static Configs]\n{}\n" + std::string(45, '-') + "\n  \t  \tloss\nid\tlr\t    \n0\t1\t2\n",
      "log.tsv", false);
  CHECK(text.melt_and_explode_metric().configs(0) == Value::Map{{"lr", "1"}});
}

TEST_CASE("a grid field with the name of a column of the long form is refused") {
  auto log = log_of_lines({"loss"}, {"1\t2"});
  log.rename_fields({{"lr", "step"}});
  CHECK_THROWS_WITH(log.melt_and_explode_metric(), ContainsSubstring("the grid field 'step'"));
}
