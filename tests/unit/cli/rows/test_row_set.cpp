#include <string>
#include <vector>

#include "catch.hpp"
#include "cli/rows/row_formats.hpp"
#include "cli/rows/row_set.hpp"
#include "malet/error.hpp"
#include "temp_folder.hpp"

using malet::ExperimentLog;
using malet::Value;
using malet::base::Filter;
using malet::cli::parse_sort_keys;
using malet::cli::RowSet;

namespace {

ExperimentLog logged_rows() {
  ExperimentLog made = ExperimentLog::from_fields({"lr", "opt"}, {"status", "loss", "acc"},
                                                  {{"model", "net"}, {"depth", 3}}, "log.tsv");
  using malet::Config;
  using malet::Metrics;
  const Value nan(std::numeric_limits<double>::quiet_NaN());
  const auto add = [&made](double lr, const char* opt, const char* status, Value loss, Value acc) {
    made.add_result(Config{{"lr", lr}, {"opt", opt}},
                    Metrics{{"status", status}, {"loss", loss}, {"acc", acc}});
  };
  add(0.1, "sgd", "C", Value::List{0.9, 0.5}, 0.7);
  add(0.1, "adam", "C", Value::List{0.9, 0.2}, 0.9);
  add(0.01, "sgd", "F", Value(), Value());
  add(0.01, "adam", "C", Value::List{0.1, 0.3}, 0.9);
  return made;
}

/// The numbers of the rows, in order.
std::vector<std::uint64_t> numbers(const RowSet& rows) {
  std::vector<std::uint64_t> all;
  for (std::size_t i = 0; i < rows.size(); ++i) all.push_back(rows.number(i).value());
  return all;
}

std::vector<std::uint64_t> sorted_by(const std::string& keys) {
  RowSet rows(logged_rows());
  rows.sort(parse_sort_keys(keys));
  return numbers(rows);
}

std::vector<std::uint64_t> filtered_by(const std::string& filter) {
  RowSet rows(logged_rows());
  rows.keep(Filter(filter));
  return numbers(rows);
}

using Numbers = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("a log's rows are all there, in file order") {
  const RowSet rows(logged_rows());
  CHECK(numbers(rows) == Numbers{0, 1, 2, 3});
  CHECK(rows.grid_fields() == std::vector<std::string>{"lr", "opt"});
  CHECK(rows.metric_fields() == std::vector<std::string>{"status", "loss", "acc"});
  CHECK(rows.value(1, "lr") == Value(0.1));
  CHECK(rows.value(1, "loss") == Value(Value::List{0.9, 0.2}));
  CHECK(rows.value(2, "loss") == Value());
  CHECK(rows.value(2, "model") == Value("net"));
}

TEST_CASE("filters see grid fields, metrics and static fields") {
  CHECK(filtered_by("lr < 0.1") == Numbers{2, 3});
  CHECK(filtered_by("loss < 0.4") == Numbers{1, 3});
  CHECK(filtered_by("opt == sgd and status == C") == Numbers{0});
  CHECK(filtered_by("model == net and depth >= 3") == Numbers{0, 1, 2, 3});
  CHECK(filtered_by("loss == null") == Numbers{2});
  CHECK(filtered_by("opt in []").empty());
}

TEST_CASE("a filter over an unknown field is an error") {
  CHECK_THROWS_AS(filtered_by("learning_rate < 1"), malet::Error);
  CHECK_THROWS_WITH(filtered_by("lr > 0 or los in [1]"), ContainsSubstring("'los'"));
  CHECK_THROWS_WITH(filtered_by("lr < 0 and not (los < 1)"), ContainsSubstring("'los'"));
  RowSet none(ExperimentLog::from_fields({"lr"}, {"loss"}, {}, "log.tsv"));
  CHECK_THROWS_WITH(none.keep(Filter("los < 1")), ContainsSubstring("'los'"));
}

TEST_CASE("rows are sorted by the last value of a series, empty cells last either way") {
  CHECK(sorted_by("loss") == Numbers{1, 3, 0, 2});
  CHECK(sorted_by("-loss") == Numbers{0, 3, 1, 2});
}

TEST_CASE("several sort keys go from major to minor") {
  CHECK(sorted_by("-acc,lr") == Numbers{3, 1, 0, 2});
  CHECK(sorted_by("opt,-lr") == Numbers{1, 3, 0, 2});
}

TEST_CASE("rows that sort alike stay in order") {
  CHECK(sorted_by("model") == Numbers{0, 1, 2, 3});
  CHECK(sorted_by("-opt") == Numbers{0, 2, 1, 3});
}

TEST_CASE("sort keys that make no sense are errors") {
  CHECK_THROWS_AS(parse_sort_keys("loss,,acc"), malet::Error);
  CHECK_THROWS_AS(parse_sort_keys("-"), malet::Error);
  CHECK_THROWS_AS(parse_sort_keys(""), malet::Error);
  CHECK_THROWS_WITH(sorted_by("los"), ContainsSubstring("'los'") && ContainsSubstring("acc"));
}

TEST_CASE("failed rows and the first rows can be kept") {
  RowSet rows(logged_rows());
  rows.cut(3);
  CHECK(rows.size() == 3);
  rows.cut(10);
  CHECK(rows.size() == 3);
  rows.keep_failed();
  CHECK(numbers(rows) == Numbers{2});
}

TEST_CASE("a log without status has no failed rows") {
  RowSet rows(ExperimentLog::from_fields({"lr"}, {"loss"}, {}, "log.tsv"));
  rows.keep_failed();
  CHECK(rows.size() == 0);
}

TEST_CASE("chosen cells are read as text") {
  const RowSet rows(logged_rows());
  RowSet::Reader reader(rows, {"acc", "model", "lr"});
  CHECK(reader.texts(0) == std::vector<std::string_view>{"0.7", "net", "0.1"});
  CHECK(reader.texts(2) == std::vector<std::string_view>{"", "net", "0.01"});
}

namespace {

/// A sweep over a and lr whose lr was made static, 0.2, afterwards.
RowSet narrowed_folder(const malet::test::TempFolder& folder) {
  ExperimentLog log = ExperimentLog::from_fields({"a", "lr"}, {"status", "loss"},
                                                 {{"model", "net"}}, folder.path() / "log.tsv");
  for (const int a : {1, 2}) {
    for (const double lr : {0.1, 0.2}) {
      log.add_result(malet::Config{{"a", a}, {"lr", lr}},
                     malet::Metrics{{"status", "C"}, {"loss", lr * a}});
    }
  }
  log.to_tsv();
  folder.write("exp_config.yaml", "model: net\nlr: 0.2\ngrid: {a: [1, 2]}\n");
  return RowSet(malet::sweep::open_folder(folder.path()));
}

}  // namespace

TEST_CASE("rows measured at another value of a static field tell their own") {
  const malet::test::TempFolder folder;
  RowSet rows = narrowed_folder(folder);
  REQUIRE(rows.size() == 4);
  CHECK(rows.grid_fields() == std::vector<std::string>{"a", "lr"});
  CHECK(rows.static_configs() == Value::Map{{"model", "net"}});
  CHECK(rows.number(1) == 1U);
  CHECK(rows.value(1, "lr") == Value(0.2));
  CHECK_FALSE(rows.number(2).has_value());
  CHECK(rows.value(2, "lr") == Value(0.1));
  std::string json;
  malet::cli::write_rows_json(rows, {"a", "lr"}, [&json](std::string_view text) {
    json += text;
    return true;
  });
  CHECK_THAT(json, ContainsSubstring("{\"a\": 2, \"lr\": 0.2},\n    {\"a\": 1, \"lr\": 0.1}"));
  rows.keep(Filter("lr == 0.2"));
  CHECK(numbers(rows) == Numbers{0, 1});
}

TEST_CASE("a static field that all rows agree on is no column of a folder") {
  const malet::test::TempFolder folder;
  ExperimentLog log =
      ExperimentLog::from_fields({"a", "lr"}, {"loss"}, {}, folder.path() / "log.tsv");
  for (const int a : {1, 2}) log.add_result(malet::Config{{"a", a}, {"lr", 0.2}}, {{"loss", a}});
  log.to_tsv();
  folder.write("exp_config.yaml", "lr: 0.2\ngrid: {a: 1}\n");
  const RowSet rows(malet::sweep::open_folder(folder.path()));
  REQUIRE(rows.size() == 2);
  CHECK(rows.grid_fields() == std::vector<std::string>{"a"});
  CHECK(rows.value(1, "lr") == Value(0.2));
}

TEST_CASE("a config that is not in the grid is there once, by the row that speaks for it") {
  const malet::test::TempFolder folder;
  folder.write("exp_config.yaml", "grid: {a: [1], lr: [0.1]}\n");
  const auto write = [&](const std::string& file, const std::vector<std::string>& fields,
                         const std::vector<malet::Metrics>& rows) {
    ExperimentLog log =
        ExperimentLog::from_fields(fields, {"status", "loss"}, {}, folder.path() / file);
    for (const auto& row : rows) {
      log.add_result({{"a", row.find("a")->integer()}, {"lr", 0.1}},
                     {{"status", *row.find("status")}, {"loss", *row.find("loss")}});
    }
    log.to_tsv();
  };
  write("log.tsv", {"a", "lr"},
        {{{"a", 3}, {"status", "F"}, {"loss", 30}}, {{"a", 2}, {"status", "C"}, {"loss", 20}}});
  write("log_splits/split_0.tsv", {"lr", "a"},
        {{{"a", 2}, {"status", "F"}, {"loss", 21}},
         {{"a", 1}, {"status", "C"}, {"loss", 10}},
         {{"a", 3}, {"status", "C"}, {"loss", 31}}});
  const RowSet rows(malet::sweep::open_folder(folder.path()));
  REQUIRE(rows.size() == 3);
  CHECK(rows.value(0, "loss") == Value(10));
  CHECK(rows.value(1, "loss") == Value(20));
  CHECK(rows.value(2, "loss") == Value(31));
  CHECK_FALSE(rows.number(2).has_value());
}
