#include "base/text/python_text.hpp"
#include "catch.hpp"
#include "malet/error.hpp"
#include "record/log/cell_check.hpp"

using malet::Config;
using malet::ExperimentLog;
using malet::Metrics;
using malet::Value;

namespace {

/// A log of one row that was read from a file.
ExperimentLog log_with(const std::string& field, const std::string& cell) {
  return ExperimentLog::from_text("[Static Configs]\n{}\n" + std::string(45, '-') + "\n  \t \t" +
                                      field + "\nid\ta\t" + std::string(field.size(), ' ') +
                                      "\n0\t1\t" + cell + "\n",
                                  "log.tsv");
}

}  // namespace

TEST_CASE("lists that are cut off or damaged are told from texts") {
  for (const char* cell : {"[0.1, 0.", "[0.1", "[0.1, 0.2x]", "[nan, 1", "[1, [2, 3]", "[ -1, ,]",
                           "[True, 1", "[0.1,, 2]", "[None, '"}) {
    CHECK(malet::base::is_broken_list(cell));
  }
  for (const char* cell : {"", "[", "[]", "[1]", "[0.1, nan, None, 'a']", "[INFO] done",
                           "[1] a note", "[1, 99999999999999999999]", "[99999999999999999999]", "1",
                           "text, [1", "[a, b]", "[[1, 2], [3]]"}) {
    CHECK_FALSE(malet::base::is_broken_list(cell));
  }
}

TEST_CASE("cells that do not say what their column promises are refused by name") {
  struct Bad {
    const char* field;
    const char* cell;
    const char* what;
  };
  for (const Bad& bad :
       {Bad{"status", "Q", "the status 'Q' is none of C, F and R"},
        Bad{"status", "complete", "the status 'complete' is none"},
        Bad{"datetime", "yesterday", "the datetime 'yesterday' is no date"},
        Bad{"duration", "an hour", "the duration 'an hour' is no duration"},
        Bad{"loss", "[0.5, 0.", "the loss '[0.5, 0.' is a list that is cut off"}}) {
    const ExperimentLog log = log_with(bad.field, bad.cell);
    CHECK_THROWS_WITH(malet::record::check_cells(log),
                      Catch::Contains(bad.what) && Catch::Contains("row with id 0"));
  }
}

TEST_CASE("cells that say something pass") {
  for (const char* status : {"", "C", "F", "R"}) {
    CHECK_NOTHROW(malet::record::check_cells(log_with("status", status)));
  }
  CHECK_NOTHROW(malet::record::check_cells(log_with("datetime", "2026-01-02 03:04:05")));
  CHECK_NOTHROW(malet::record::check_cells(log_with("duration", "0 days 00:01:00.000005")));
  CHECK_NOTHROW(malet::record::check_cells(log_with("commit_hash", "[1, ")));
  CHECK_NOTHROW(malet::record::check_cells(log_with("note", "[INFO] done")));
}

TEST_CASE("merging and the long form refuse them, and change nothing") {
  ExperimentLog log = log_with("loss", "[0.5, 0.");
  const ExperimentLog good = log_with("loss", "0.5");
  CHECK_THROWS_AS(log.merge(std::span(&good, 1)), malet::Error);
  CHECK_THROWS_AS((void)log.melt_and_explode_metric(), malet::Error);
  CHECK(log.df().text(0, "loss") == "[0.5, 0.");
}

TEST_CASE("no result is given a status that nobody understands") {
  ExperimentLog log = log_with("status", "R");
  const Config config({{"a", Value(1)}});
  CHECK_THROWS_WITH(log.add_result(config, {{"status", Value("done")}}),
                    Catch::Contains("'done' is none of C, F and R"));
  CHECK(log.df().text(0, "status") == "R");
  log.add_result(config, {{"status", Value("C")}});
  CHECK(log.df().text(0, "status") == "C");
}
