#include "base/files/files.hpp"
#include "base/json/json_read.hpp"
#include "catch.hpp"
#include "cli/rows/row_file.hpp"
#include "malet/error.hpp"
#include "record/log/log_access.hpp"
#include "record/table/table.hpp"
#include "temp_folder.hpp"

using malet::ExperimentLog;
using malet::Value;
using malet::base::read_json;
using malet::cli::format_of;
using malet::cli::RowFormat;
using malet::cli::RowSet;
using malet::test::TempFolder;

namespace {

ExperimentLog sample_log() {
  auto made = ExperimentLog::from_fields({"lr", "net"}, {"status", "loss", "note"},
                                         {{"model", "cnn"}}, "log.tsv");
  malet::record::change_table(made).append("0.10\t(64, 32)\tC\t[1.0, nan]\t\"a\tb\"");
  malet::record::change_table(made).append("0.2\t\tC\t2\tx,y");
  return made;
}

std::string written(const char* ending, bool melted) {
  const TempFolder folder;
  const auto file = folder.path() / (std::string("out") + ending);
  if (melted) {
    malet::cli::write_melted(sample_log().melt_and_explode_metric(), format_of(file), file);
  } else {
    malet::cli::write_rows(RowSet(sample_log()), format_of(file), file);
  }
  return malet::base::read_file(file);
}

}  // namespace

TEST_CASE("a file's ending is its format, and unknown ones are refused") {
  CHECK(format_of("a/b.csv") == RowFormat::csv);
  CHECK(format_of("b.tsv") == RowFormat::tsv);
  CHECK(format_of("b.x.json") == RowFormat::json);
  CHECK(format_of("b.jsonl") == RowFormat::jsonl);
  for (const char* name : {"b", "b.xlsx", "csv", "b.CSV", ".csv"}) {
    CHECK_THROWS_WITH(format_of(name), ContainsSubstring("unknown extension"));
  }
}

TEST_CASE("text files hold the cells as they stand in the log") {
  CHECK(written(".csv", false) ==
        "lr,net,status,loss,note\n0.10,\"(64, 32)\",C,\"[1.0, nan]\",a\tb\n0.2,,C,2,\"x,y\"\n");
  CHECK(written(".tsv", false) ==
        "lr\tnet\tstatus\tloss\tnote\n0.10\t(64, 32)\tC\t[1.0, nan]\t\"a\tb\"\n0.2\t\tC\t2\tx,y\n");
}

TEST_CASE("JSON files hold typed values") {
  const Value document = read_json(written(".json", false));
  CHECK(*document.find("static_configs") == Value(Value::Map{{"model", "cnn"}}));
  const Value& first = document.find("rows")->list().at(0);
  CHECK(*first.find("net") == Value(Value::List{64, 32}));
  CHECK(*first.find("loss") == Value(Value::List{1.0, Value()}));
  const std::string lines = written(".jsonl", false);
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 2);
  CHECK(read_json(lines.substr(0, lines.find('\n'))) == first);
}

TEST_CASE("the long form has a line per value") {
  CHECK(written(".tsv", true) ==
        "lr\tnet\tmetric\tstep\ttotal_steps\tmetric_value\n"
        "0.10\t(64, 32)\tloss\t1\t2\t1.0\n0.2\t\tloss\t1\t1\t2.0\n");
  const Value document = read_json(written(".json", true));
  CHECK(document.find("index")->list().size() == 5);
  const std::string lines = written(".jsonl", true);
  const Value last = read_json(lines.substr(lines.find('\n') + 1));
  CHECK(last == Value(Value::Map{{"lr", 0.2},
                                 {"net", Value()},
                                 {"metric", "loss"},
                                 {"step", 1},
                                 {"total_steps", 1},
                                 {"metric_value", 2.0}}));
  CHECK(document.find("rows")->list().at(1) == last);
}
