#include "catch.hpp"
#include "malet/error.hpp"
#include "record/journal/journal_record.hpp"
#include "record/log/log_access.hpp"
#include "record/log/log_file.hpp"
#include "record/table/table.hpp"
#include "temp_folder.hpp"

using namespace malet;
using namespace malet::record;
using malet::test::TempFolder;

namespace {

/// A log of two rows.
struct Bench {
  TempFolder folder;
  std::filesystem::path file = folder.path() / "log.tsv";

  Bench() {
    auto log = ExperimentLog::from_fields({"lr"}, {"status", "loss"}, {}, file);
    change_table(log).append("1\tC\t0.5");
    change_table(log).append("2\tR");
    log.to_tsv();
  }
  void write_journal(const std::string& records, const std::string& of_log) const {
    std::string text;
    append_header(text, {mark_of(of_log), {"lr"}, {"status", "loss"}});
    folder.write("log.tsv.journal", text + records);
  }
};

std::string row(std::uint64_t run, const std::string& line) {
  std::string text;
  append_row(text, run, {}, line);
  return text;
}

}  // namespace

TEST_CASE("a log without a journal is read as it is") {
  const Bench bench;
  const LogFile read = read_log(bench.file);
  CHECK_FALSE(read.has_journal);
  CHECK(read.log.size() == 2);
  CHECK(read.log.logs_file() == bench.file);
}

TEST_CASE("a log and its journal are read as one") {
  const Bench bench;
  bench.write_journal(row(1, "2\tC\t0.25") + row(2, "3\tF"), bench.folder.read("log.tsv"));
  const LogFile read = read_log(bench.file);
  CHECK(read.has_journal);
  REQUIRE(read.log.size() == 3);
  CHECK(read.log.df().text(1, "status") == "C");
  CHECK(read.log.df().text(2, "status") == "F");
}

TEST_CASE("a log that was edited beside its journal keeps its better rows") {
  const Bench bench;
  bench.write_journal(row(0, "1\tF\t9") + row(1, "2\tC\t0.25"), "another log");
  const LogFile read = read_log(bench.file);
  REQUIRE(read.log.size() == 2);
  CHECK(read.log.df().text(0, "status") == "C");
  CHECK(read.log.df().text(0, "loss") == "0.5");
  CHECK(read.log.df().text(1, "loss") == "0.25");
}

TEST_CASE("half a record is passed over and told of") {
  const Bench bench;
  const std::string torn = row(2, "3\tF");
  bench.write_journal(row(1, "2\tC\t0.25") + torn.substr(0, 9), bench.folder.read("log.tsv"));
  const LogFile read = read_log(bench.file);
  CHECK(read.torn_bytes == 9);
  CHECK(read.log.size() == 2);
}

TEST_CASE("a damaged journal is an error that names it, and stays") {
  const Bench bench;
  std::string damaged = row(1, "2\tC\t0.25");
  damaged[12] ^= 1;
  bench.write_journal(damaged + row(2, "3\tF"), bench.folder.read("log.tsv"));
  const std::string before = bench.folder.read("log.tsv.journal");
  CHECK_THROWS_WITH(read_log(bench.file), Catch::Contains("log.tsv.journal: the record at byte"));
  CHECK(bench.folder.read("log.tsv.journal") == before);
}

TEST_CASE("a status is replaced in its cell alone") {
  const Bench bench;
  ExperimentLog log = ExperimentLog::from_tsv(bench.file);
  set_status(log, 0, "F");
  CHECK(table_of(log).line(0) == "1\tF\t0.5");
}
