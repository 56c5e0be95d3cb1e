#include "catch.hpp"
#include "malet/error.hpp"
#include "record/journal/journal_replay.hpp"

using namespace malet;
using namespace malet::record;

namespace {

const FileMark here{1, 2};
const std::vector<std::string> infos = {"datetime", "duration", "commit_hash", "status"};

/// A log with columns lr, the info columns and loss, and its journal.
struct Bench {
  Table table = empty_table();
  std::string journal;

  static Table empty_table() {
    auto metrics = infos;
    metrics.emplace_back("loss");
    return {{"lr"}, metrics};
  }

  explicit Bench(FileMark follows = here) {
    append_header(journal, {follows, {"lr"}, table.metric_fields()});
  }

  void start(std::uint64_t run, const std::string& lr) {
    append_start(journal, {run, base::Micros(0), lr});
  }
  void step(std::uint64_t run, StepRecord::Kind kind, std::size_t position, Value loss) {
    append_step(journal, {run, kind, {position}, {{"loss", std::move(loss)}}});
  }
  void row(std::uint64_t run, const std::string& line, bool has_series = false) {
    append_row(journal, run, has_series ? std::vector<std::size_t>{5} : std::vector<std::size_t>{},
               line);
  }
  Replay replay() { return replay_journal(table, journal, "j", here); }
  std::string cell(std::size_t row, const std::string& column) const {
    return table.cell(row, *table.column(column));
  }
};

using Kind = StepRecord::Kind;

}  // namespace

TEST_CASE("rows of a journal are put by config") {
  Bench bench;
  bench.table.append("1\t\t\t\tF\t0.5");
  bench.row(0, "1.0\t\t\t\tC\t0.25");
  bench.row(1, "2\t\t\t\tC\t0.125");
  CHECK(bench.replay().follows);
  REQUIRE(bench.table.rows() == 2);
  CHECK(bench.cell(0, "status") == "C");
  CHECK(bench.cell(0, "loss") == "0.25");
  CHECK(bench.cell(1, "loss") == "0.125");
}

TEST_CASE("a row gets the series that its steps made") {
  Bench bench;
  bench.start(0, "1");
  bench.step(0, Kind::fresh, 0, 0.5);
  bench.step(0, Kind::more, 1, Value::List{0.25, Value()});
  bench.step(0, Kind::more, 3, "[1]");
  bench.row(0, "1\t\t\t\tC\t", true);
  (void)bench.replay();
  CHECK(bench.cell(0, "loss") == "[0.5, 0.25, None, '[1]']");
}

TEST_CASE("replaying twice changes nothing") {
  Bench bench;
  bench.table.append("1\t\t\t\tR\t[0.5]");
  bench.start(0, "1");
  bench.step(0, Kind::more, 1, 0.25);
  bench.start(1, "2");
  bench.step(1, Kind::fresh, 0, 4);
  bench.row(0, "1\t\t\t\tC\t", true);
  (void)bench.replay();
  (void)bench.replay();
  REQUIRE(bench.table.rows() == 2);
  CHECK(bench.cell(0, "loss") == "[0.5, 0.25]");
  CHECK(bench.cell(1, "loss") == "[4]");
  CHECK(bench.cell(1, "status") == "R");
}

TEST_CASE("a run that began and did not end is running, with what it reported") {
  Bench bench;
  bench.table.append("2\t\t0 days 00:00:01\tabc\tF\t[7, 6]");
  bench.start(0, "1");
  bench.start(1, "2");
  bench.start(2, "3");
  bench.step(2, Kind::fresh, 0, 1);
  bench.step(2, Kind::set, 1, Value::List{8, 9});
  (void)bench.replay();
  REQUIRE(bench.table.rows() == 3);
  CHECK(bench.cell(0, "status") == "R");
  CHECK(bench.cell(0, "loss") == "[7, 6]");
  CHECK(bench.cell(0, "duration") == "0 days 00:00:01");
  CHECK(bench.cell(0, "commit_hash") == "abc");
  for (const std::size_t row : {std::size_t{1}, std::size_t{2}}) {
    CHECK(bench.cell(row, "status") == "R");
    CHECK(bench.cell(row, "loss") == (bench.table.cell(row, 0) == "1" ? "" : "[8, 9]"));
  }
}

TEST_CASE("a series that starts anew drops what an earlier attempt left") {
  Bench bench;
  bench.table.append("1\t\t\t\tF\t[7, 6, 5]");
  bench.start(0, "1");
  bench.step(0, Kind::fresh, 0, 1);
  (void)bench.replay();
  CHECK(bench.cell(0, "loss") == "[1]");
}

TEST_CASE("a journal that does not follow its snapshot is merged by status") {
  Bench bench(FileMark{5, 5});
  bench.table.append("1\t\t\t\tC\t1");
  bench.table.append("2\t\t\t\tF\t1");
  bench.row(0, "1\t\t\t\tF\t2");
  bench.row(1, "2\t\t\t\tC\t2");
  bench.start(2, "1");
  CHECK_FALSE(bench.replay().follows);
  CHECK(bench.cell(0, "loss") == "1");
  CHECK(bench.cell(0, "status") == "C");
  CHECK(bench.cell(1, "loss") == "2");
}

TEST_CASE("columns are found by name") {
  Bench bench;
  Table other({"lr"}, {"acc", "loss", "status"});
  append_column(bench.journal, "acc");
  append_column(bench.journal, "more");
  bench.row(0, "1\t\t\t\tC\t2\t3\t4");
  (void)replay_journal(other, bench.journal, "j", here);
  CHECK(other.cell(0, *other.column("acc")) == "3");
  CHECK(other.cell(0, *other.column("loss")) == "2");
  CHECK(other.cell(0, *other.column("more")) == "4");
  CHECK(other.cell(0, *other.column("status")) == "C");
}

TEST_CASE("a journal of a log with other grid fields is refused") {
  Bench bench;
  Table other({"seed"}, {"status"});
  CHECK_THROWS_WITH(replay_journal(other, bench.journal, "j", here),
                    Catch::Contains("grid fields are lr"));
}

TEST_CASE("steps and series without their beginning are damage") {
  Bench bench;
  const auto at = std::to_string(bench.journal.size());
  bench.step(0, Kind::more, 1, 0.25);
  CHECK_THROWS_WITH(bench.replay(), Catch::Contains("byte " + at + " "));
  Bench other;
  other.row(0, "1\t\t\t\tC\t", true);
  CHECK_THROWS_AS(other.replay(), Error);
  Bench third;
  third.start(0, "1");
  third.step(0, Kind::fresh, 0, 1);
  append_row(third.journal, 0, {99}, "1\t\t\t\tC\t");
  CHECK_THROWS_AS(third.replay(), Error);
}

TEST_CASE("a journal cut at every byte gives a beginning of its rows or is refused") {
  Bench bench;
  for (int i = 0; i < 5; ++i) bench.row(0, std::to_string(i) + "\t\t\t\tC\t1");
  for (std::size_t size = 0; size < bench.journal.size(); ++size) {
    Table table = Bench::empty_table();
    const auto replay =
        replay_journal(table, std::string_view(bench.journal).substr(0, size), "j", here);
    CHECK(table.rows() <= 5);
    CHECK((replay.torn_bytes > 0 || table.rows() * 2 <= size));
    for (std::size_t row = 0; row < table.rows(); ++row) {
      CHECK(table.cell(row, 0) == std::to_string(row));
    }
  }
}

namespace {

/// A journal of a log whose series are kept apart.
struct ApartBench : Bench {
  ApartBench() {
    journal.clear();
    JournalHeader header{here, {"lr"}, table.metric_fields()};
    header.series_apart = true;
    append_header(journal, header);
  }

  void numbers(std::uint64_t run, std::size_t position, const Value::List& values,
               Kind kind = Kind::more) {
    NumberSeries series(position);
    series.append(Value(values));
    append_series(journal, run, kind, "loss", series.stretches());
  }
  void fresh(std::uint64_t run) { append_step(journal, {run, Kind::fresh, {}, {}}); }
  void end(std::uint64_t run, const std::string& line, std::size_t length) {
    append_row(journal, run, {5}, line, {length});
  }
};

}  // namespace

TEST_CASE("of a series that is kept apart the cell has the last value") {
  ApartBench bench;
  bench.start(0, "1");
  bench.fresh(0);
  bench.numbers(0, 0, {0.5, 0.25});
  bench.numbers(0, 2, {3});
  bench.start(1, "2");
  bench.fresh(1);
  bench.numbers(1, 0, {7.5});
  bench.end(0, "1\t\t\t\tC\t3", 3);
  const Replay replay = bench.replay();
  CHECK(bench.cell(0, "loss") == "3");
  CHECK(bench.cell(1, "loss") == "7.5");
  CHECK(bench.cell(1, "status") == "R");
  REQUIRE(replay.tails.size() == 2);
  CHECK(replay.tails.at(0).complete);
  CHECK(Value(replay.tails.at(0).find("loss")->list()) == Value(Value::List{0.5, 0.25, 3}));
  CHECK(replay.tails.at(1).complete);
}

TEST_CASE("a series goes on behind what is stored") {
  ApartBench bench;
  bench.table.append("1\t\t\t\tR\t0.125");
  bench.start(0, "1");
  bench.numbers(0, 100, {0.5});
  bench.numbers(0, 101, {0.25});
  const Replay replay = bench.replay();
  CHECK(bench.cell(0, "loss") == "0.25");
  const RunTails& tails = replay.tails.at(0);
  CHECK_FALSE(tails.complete);
  CHECK(tails.find("loss")->begin() == 100);
  CHECK(tails.find("loss")->size() == 102);
}

TEST_CASE("a run that goes on in the same journal goes on behind its own steps") {
  ApartBench bench;
  bench.start(0, "1");
  bench.fresh(0);
  bench.numbers(0, 0, {1.5, 2.5});
  bench.end(0, "1\t\t\t\tF\t2.5", 2);
  bench.start(0, "1");
  bench.numbers(0, 2, {3.5});
  bench.end(0, "1\t\t\t\tC\t3.5", 3);
  const Replay replay = bench.replay();
  CHECK(Value(replay.tails.at(0).find("loss")->list()) == Value(Value::List{1.5, 2.5, 3.5}));
}

TEST_CASE("a rerun without steps has no series any more") {
  ApartBench bench;
  bench.table.append("1\t\t\t\tF\t0.125");
  bench.start(0, "1");
  bench.fresh(0);
  bench.row(0, "1\t\t\t\tC\t9");
  const Replay replay = bench.replay();
  CHECK(replay.tails.at(0).complete);
  CHECK(replay.tails.at(0).series.empty());
  CHECK(bench.cell(0, "loss") == "9");
}

TEST_CASE("what is set takes the place of a stored series") {
  ApartBench bench;
  bench.table.append("1\t\t\t\tR\t0.125");
  bench.start(0, "1");
  bench.numbers(0, 100, {0.5});
  bench.numbers(0, 0, {4, 5}, Kind::set);
  const Replay replay = bench.replay();
  CHECK(replay.tails.at(0).find("loss")->begin() == 0);
  CHECK(replay.tails.at(0).find("loss")->size() == 2);
  ApartBench other;
  other.start(0, "1");
  other.numbers(0, 100, {0.5});
  other.step(0, Kind::set, 0, Value::List{"a"});
  CHECK(other.replay().tails.at(0).find("loss")->size() == 0);
  CHECK(other.cell(0, "loss") == "['a']");
}

TEST_CASE("a gap in a series that is kept apart is an error") {
  ApartBench bench;
  bench.start(0, "1");
  bench.fresh(0);
  bench.numbers(0, 5, {0.5});
  CHECK_THROWS_WITH(bench.replay(), ContainsSubstring("beginning is not there"));
}
