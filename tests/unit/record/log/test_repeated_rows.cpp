#include "catch.hpp"
#include "malet/error.hpp"
#include "malet/experiment_log.hpp"
#include "record/log/log_access.hpp"
#include "record/log/repeated_rows.hpp"

using malet::ExperimentLog;
using malet::Prefer;
using malet::RowConflict;
using malet::RowRule;
using malet::Value;
using malet::record::fold_repeated_rows;
using malet::record::Table;

namespace {

using Lines = std::vector<std::string>;

Table table_of(const Lines& lines) {
  Table table({"lr"}, {"datetime", "status", "loss"});
  for (const std::string& line : lines) table.append(line);
  return table;
}

Lines lines_of(const Table& table) {
  Lines lines;
  for (std::size_t row = 0; row < table.rows(); ++row) lines.emplace_back(table.line(row));
  return lines;
}

Lines folded(const Lines& lines, Prefer prefer = Prefer::none) {
  Table table = table_of(lines);
  (void)fold_repeated_rows(table, {prefer, {}}, "log.tsv");
  return lines_of(table);
}

constexpr const char* early = "2026-01-02 03:04:05.000006";
constexpr const char* late = "2026-01-02 03:04:05.000007";

std::string line(const std::string& lr, const std::string& datetime, const std::string& rest) {
  return lr + "\t" + datetime + "\t" + rest;
}

}  // namespace

TEST_CASE("rows without a repeat stay as they are") {
  const Lines lines = {"0.1\t\tC\t1", "0.2\t\tC\t1", "0.3"};
  CHECK(folded(lines) == lines);
}

TEST_CASE("rows that are equal in value fold into the first") {
  CHECK(folded({"0.1\t\tC\t1.0", "0.2\t\tC\t2", "0.10\t\tC\t1", "1e-1\t\tC\t1.0"}) ==
        Lines{"0.1\t\tC\t1.0", "0.2\t\tC\t2"});
}

TEST_CASE("complete beats failed beats running beats nothing, at the place of the first") {
  CHECK(folded({"0.1\t\tF\t1", "0.2\t\tC\t2", "0.1\t\tC\t3"}) ==
        Lines{"0.1\t\tC\t3", "0.2\t\tC\t2"});
  CHECK(folded({"0.1\t\tC\t3", "0.1\t\tF\t1"}) == Lines{"0.1\t\tC\t3"});
  CHECK(folded({"0.1", "0.1\t\tR", "0.1\t\tF", "0.1\t\tR\t7"}) == Lines{"0.1\t\tF"});
}

TEST_CASE("rows that differ and are of one status are refused, and the table stays") {
  Table table = table_of({"0.1\t\tC\t1", "0.1\t\tC\t2", "0.2\t\tF\t1", "0.2\t\tF\t2"});
  CHECK_THROWS_WITH(fold_repeated_rows(table, {}, "log.tsv"),
                    ContainsSubstring("log.tsv: 2 configs have several rows") &&
                        ContainsSubstring("lr=0.1") && ContainsSubstring("--prefer"));
  CHECK(table.rows() == 4);
}

TEST_CASE("differing rows are no conflict once a row with a better status comes") {
  CHECK(folded({"0.1\t\tF\t1", "0.1\t\tF\t2", "0.1\t\tC\t3"}) == Lines{"0.1\t\tC\t3"});
}

TEST_CASE("the first, the last or the newest row is kept") {
  const Lines lines = {line("0.1", late, "C\t1"), line("0.1", early, "C\t2"),
                       line("0.1", early, "C\t3")};
  CHECK(folded(lines, Prefer::self) == Lines{lines[0]});
  CHECK(folded(lines, Prefer::other) == Lines{lines[2]});
  CHECK(folded(lines, Prefer::newest) == Lines{lines[0]});
  CHECK(folded({lines[1], lines[0]}, Prefer::newest) == Lines{lines[0]});
  CHECK(folded({lines[1], lines[2]}, Prefer::newest) == Lines{lines[2]});
}

TEST_CASE("whoever is asked sees both rows, and decides or gives up") {
  std::vector<RowConflict> seen;
  RowRule rule{Prefer::none, [&](const RowConflict& conflict) {
                 seen.push_back(conflict);
                 return std::optional(Prefer::other);
               }};
  Table table = table_of({"0.1\t\tC\t1", "0.1\t\tC\t2", "0.1\t\tC\t2"});
  CHECK(fold_repeated_rows(table, rule, "log.tsv") == 2);
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].config == Value::Map{{"lr", Value(0.1)}});
  CHECK(*seen[0].self.find("loss") == Value(1));
  CHECK(*seen[0].other.find("loss") == Value(2));
  CHECK(lines_of(table) == Lines{"0.1\t\tC\t2"});
  rule.ask = [](const RowConflict&) { return std::optional<Prefer>(); };
  Table other = table_of({"0.1\t\tC\t1", "0.1\t\tC\t2"});
  CHECK_THROWS_WITH(fold_repeated_rows(other, rule, "log.tsv"), ContainsSubstring("given up"));
  CHECK(other.rows() == 2);
}

TEST_CASE("drop_duplicates keeps one row per config and finds it again") {
  ExperimentLog log = ExperimentLog::from_fields({"lr"}, {"status", "loss"}, {}, "");
  for (const char* row : {"0.1\tF\t1", "0.2\tC\t2", "0.1\tC\t3", "0.1\tC\t3"}) {
    malet::record::change_table(log).append(row);
  }
  log.drop_duplicates();
  CHECK(log.size() == 2);
  CHECK(*log.get_metric({{"lr", 0.1}}).find("loss") == Value(3));
  malet::record::change_table(log).append("0.2\tC\t5");
  CHECK_THROWS_AS(log.drop_duplicates(), malet::Error);
  CHECK(log.size() == 3);
  log.drop_duplicates({Prefer::other, {}});
  CHECK(*log.get_metric({{"lr", 0.2}}).find("loss") == Value(5));
}
