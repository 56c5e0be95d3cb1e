#include <string>
#include <vector>

#include "catch.hpp"
#include "cli/rows/row_formats.hpp"

using malet::Config;
using malet::ExperimentLog;
using malet::Metrics;
using malet::Value;
using malet::cli::RowSet;
using malet::cli::table_fields;

namespace {

ExperimentLog log(const char* second_status) {
  ExperimentLog made = ExperimentLog::from_fields(
      {"lr", "width"}, {"datetime", "duration", "commit_hash", "status", "loss", "note"},
      {{"model", "net"}}, "log.tsv");
  made.add_result(Config{{"lr", 0.1}, {"width", Value::List{64}}},
                  Metrics{{"status", "C"}, {"loss", Value::List{0.5, 0.25}}, {"note", "a,\"b\""}});
  made.add_result(Config{{"lr", 1}, {"width", nullptr}}, Metrics{{"status", second_status}});
  return made;
}

template <typename Write>
std::string written(const Write& write) {
  std::string text;
  write([&text](std::string_view piece) {
    text += piece;
    return true;
  });
  return text;
}

}  // namespace

TEST_CASE("json rows have typed values, tuples as arrays and empty cells null") {
  const RowSet rows(log("F"));
  const std::vector<std::string> fields = {"lr", "width", "status", "loss", "note"};
  const std::string text = written([&](const auto& sink) { write_rows_json(rows, fields, sink); });
  CHECK(text ==
        "{\n"
        "  \"static_configs\": {\n    \"model\": \"net\"\n  },\n"
        "  \"grid_fields\": [\n    \"lr\",\n    \"width\"\n  ],\n"
        "  \"metric_fields\": [\n    \"status\",\n    \"loss\",\n    \"note\"\n  ],\n"
        "  \"rows\": [\n"
        "    {\"lr\": 0.1, \"width\": [64], \"status\": \"C\", \"loss\": [0.5, 0.25], "
        "\"note\": \"a,\\\"b\\\"\"},\n"
        "    {\"lr\": 1, \"width\": null, \"status\": \"F\", \"loss\": null, \"note\": null}\n"
        "  ]\n"
        "}\n");
}

TEST_CASE("tsv and csv quote what holds their delimiter") {
  const RowSet rows(log("F"));
  const std::vector<std::string> fields = {"lr", "width", "note", "loss"};
  CHECK(written([&](const auto& sink) { write_delimited(rows, fields, '\t', sink); }) ==
        "lr\twidth\tnote\tloss\n"
        "0.1\t(64,)\t\"a,\"\"b\"\"\"\t[0.5, 0.25]\n"
        "1\t\t\t\n");
  CHECK(written([&](const auto& sink) { write_delimited(rows, fields, ',', sink); }) ==
        "lr,width,note,loss\n"
        "0.1,\"(64,)\",\"a,\"\"b\"\"\",\"[0.5, 0.25]\"\n"
        "1,,,\n");
}

TEST_CASE("a table shows the rows' numbers and short values") {
  const RowSet rows(log("F"));
  const std::vector<std::string> fields = {"lr", "width", "loss"};
  CHECK(written([&](const auto& sink) { write_rows_table(rows, fields, 80, sink); }) ==
        "#   lr  width      loss\n"
        "0  0.1  (64,)  0.25 (2)\n"
        "1    1\n");
}

TEST_CASE("a table without rows says so") {
  RowSet rows(log("F"));
  rows.cut(0);
  CHECK(written([&](const auto& sink) { write_rows_table(rows, {"lr"}, 80, sink); }) ==
        "no rows\n");
}

TEST_CASE("a table leaves info columns out, but for status while not all are complete") {
  CHECK(table_fields(RowSet(log("C")), {}) ==
        std::vector<std::string>{"lr", "width", "loss", "note"});
  CHECK(table_fields(RowSet(log("F")), {}) ==
        std::vector<std::string>{"lr", "width", "status", "loss", "note"});
}

TEST_CASE("what a table is sorted by stands first among the metrics") {
  CHECK(table_fields(RowSet(log("C")), {{"note", true}, {"lr", false}}) ==
        std::vector<std::string>{"lr", "width", "note", "loss"});
}

using malet::cli::JsonRows;

namespace {

std::string document(const Value::Map& head, const Value::List& items) {
  std::string text;
  JsonRows rows(head, "rows", [&text](std::string_view piece) {
    text += piece;
    return true;
  });
  for (const Value& item : items) rows.add(item);
  rows.finish();
  return text;
}

}  // namespace

TEST_CASE("a list follows the other fields, one item per line") {
  CHECK(document({{"total", 2}}, {1, Value::Map{{"a", nullptr}}}) ==
        "{\n  \"total\": 2,\n  \"rows\": [\n    1,\n    {\"a\": null}\n  ]\n}\n");
}

TEST_CASE("a document may lack items or other fields") {
  CHECK(document({{"total", 0}}, {}) == "{\n  \"total\": 0,\n  \"rows\": []\n}\n");
  CHECK(document({}, {1}) == "{\n  \"rows\": [\n    1\n  ]\n}\n");
}

TEST_CASE("an empty map as the last field before the list stays an empty map") {
  CHECK_THAT(document({{"statics", Value::Map{}}}, {}), ContainsSubstring("\"statics\": {},"));
  CHECK_THAT(document({{"statics", Value::Map{{"a", 1}}}}, {}),
             ContainsSubstring("\"a\": 1\n  },\n"));
}
