#include <cmath>
#include <fstream>
#include <limits>

#include "base/files/files.hpp"
#include "base/files/paths.hpp"
#include "catch.hpp"
#include "malet/error.hpp"
#include "record/log/log_access.hpp"
#include "record/log/log_file.hpp"
#include "record/log/series_upkeep.hpp"
#include "record/log/series_views.hpp"
#include "record/series/series_segments.hpp"
#include "record/series/series_store.hpp"
#include "record/table/key_text.hpp"
#include "temp_folder.hpp"

using namespace malet;
using namespace malet::record;
using malet::test::TempFolder;
namespace fs = std::filesystem;

namespace {

/// A log of two runs, lr 1 and lr 2, in a folder of its own.
class Bench {
 public:
  Bench() {
    log = ExperimentLog::from_fields({"lr"}, {"status", "loss"}, {{"epochs", 3}}, path);
    log.add_result({{"lr", 1}}, {{"status", "C"}});
    log.add_result({{"lr", 2}}, {{"status", "C"}});
    log.to_tsv();
  }

  /// The run_id of lr 1 or 2.
  static std::uint64_t run(int lr) {
    RunIds ids({{"epochs", 3}}, {"lr"});
    return ids.of_line(std::to_string(lr));
  }
  void write(int lr, std::size_t begin, const Value::List& values,
             const std::string& metric = "loss") const {
    SeriesPiece piece{run(lr), metric, NumberSeries(begin)};
    piece.values.append(Value(values));
    write_segment(path, std::vector{std::make_shared<const SeriesPiece>(std::move(piece))});
  }
  [[nodiscard]] Value read(int lr, const std::string& metric = "loss") const {
    const SeriesStore store = SeriesStore::open(path);
    const auto place = store.find(run(lr), metric);
    return place ? Value(store.read(*place).list()) : Value();
  }
  [[nodiscard]] std::size_t segments() const {
    const auto segments = base::paths::series_segments(path);
    if (!fs::exists(segments)) return 0;
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(segments), fs::directory_iterator()));
  }

  TempFolder folder;
  fs::path path = folder.path() / "log.tsv";
  ExperimentLog log;
};

void damage(const fs::path& file, std::size_t at) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(at));
  const int byte = stream.get();
  stream.seekp(static_cast<std::streamoff>(at));
  stream.put(static_cast<char>(byte ^ 0x10));
}

}  // namespace

TEST_CASE("a log without series has an empty store") {
  const Bench bench;
  CHECK_FALSE(SeriesStore::exists(bench.path));
  CHECK(SeriesStore::open(bench.path).size() == 0);
}

TEST_CASE("segments are read as one, to the bit") {
  const Bench bench;
  const double tiny = std::numeric_limits<double>::denorm_min();
  const double infinity = std::numeric_limits<double>::infinity();
  bench.write(1, 0, {0.1, -0.0, std::nan("")});
  bench.write(2, 0, {1, 2, 3});
  bench.write(1, 3, {tiny, infinity, -infinity});
  CHECK(SeriesStore::exists(bench.path));
  CHECK(bench.read(1) == Value(Value::List{0.1, -0.0, std::nan(""), tiny, infinity, -infinity}));
  CHECK(bench.read(2) == Value(Value::List{1, 2, 3}));
  CHECK(bench.read(2).list().front().is_integer());
  CHECK(bench.read(1, "acc").is_null());
}

TEST_CASE("a series that mixes integers and reals keeps both") {
  const Bench bench;
  const Value::List list = {1, 0.5, std::numeric_limits<std::int64_t>::max(), 2.0};
  bench.write(1, 0, list);
  CHECK(bench.read(1) == Value(list));
  CHECK(compact_series(bench.log));
  CHECK(bench.read(1) == Value(list));
}

TEST_CASE("a store knows lengths and last values without reading") {
  const Bench bench;
  bench.write(1, 0, {0.5, 0.25, 0.125});
  bench.write(1, 2, {}, "loss");  // cut to two
  const SeriesStore store = SeriesStore::open(bench.path);
  REQUIRE(store.size() == 1);
  CHECK(store.series(0).length == 2);
  CHECK(store.series(0).last == Value(0.25));
  CHECK(store.series(0).metric == "loss");
  CHECK(store.series(0).run == Bench::run(1));
}

TEST_CASE("compacting leaves one file that says the same") {
  const Bench bench;
  for (int i = 0; i < 5; ++i) bench.write(1, static_cast<std::size_t>(i), {i * 0.5});
  bench.write(2, 0, {7}, "steps");
  CHECK(compact_series(bench.log));
  CHECK(bench.segments() == 0);
  CHECK_FALSE(fs::exists(base::paths::series_segments(bench.path)));
  CHECK(bench.read(1) == Value(Value::List{0.0, 0.5, 1.0, 1.5, 2.0}));
  CHECK(bench.read(2, "steps") == Value(Value::List{7}));
  CHECK_FALSE(compact_series(bench.log));
  bench.write(1, 5, {9.5});
  CHECK(bench.read(1).list().size() == 6);
  CHECK(compact_series(bench.log));
  CHECK(bench.read(1).list().size() == 6);
  CHECK(bench.read(1).list().back() == Value(9.5));
}

TEST_CASE("series longer than a chunk are packed as they are") {
  const Bench bench;
  Value::List reals;
  Value::List integers;
  for (int i = 0; i < 20'000; ++i) {
    reals.emplace_back(std::sin(i));
    integers.emplace_back(std::int64_t{i} << 40U);
  }
  bench.write(1, 0, reals);
  bench.write(2, 0, integers);
  bench.write(2, 0, reals, "other");
  CHECK(compact_series(bench.log));
  CHECK(bench.read(1) == Value(reals));
  CHECK(bench.read(2) == Value(integers));
  CHECK(bench.read(2, "other") == Value(reals));
}

TEST_CASE("many segments are merged as they come") {
  const Bench bench;
  Value::List expected;
  for (int i = 0; i < 40; ++i) {
    bench.write(1, static_cast<std::size_t>(i), {i + 0.25});
    merge_segments(bench.path);
    expected.emplace_back(i + 0.25);
  }
  CHECK(bench.segments() < 16);
  CHECK(bench.read(1) == Value(expected));
  bench.write(1, 3, {Value(-1)});
  expected.resize(3);
  expected.emplace_back(-1);
  CHECK(bench.read(1) == Value(expected));
  CHECK(compact_series(bench.log));
  CHECK(bench.read(1) == Value(expected));
}

TEST_CASE("a merge keeps what a series lost") {
  const Bench bench;
  bench.write(1, 0, {1.5, 2.5, 3.5});
  CHECK(compact_series(bench.log));
  bench.write(1, 2, {});
  bench.write(2, 0, {1.5});
  bench.write(2, 0, {});
  for (int i = 0; i < 13; ++i) bench.write(2, 0, {i}, "steps");
  merge_segments(bench.path);
  CHECK(bench.segments() == 1);
  CHECK(bench.read(1) == Value(Value::List{1.5, 2.5}));
  CHECK(bench.read(2).is_null());
  CHECK(bench.read(2, "steps") == Value(Value::List{12}));
}

TEST_CASE("a job killed while it compacts loses nothing") {
  const Bench bench;
  bench.write(1, 0, {0.5});
  bench.write(1, 1, {0.25});
  const fs::path kept = bench.folder.path() / "kept";
  fs::copy(base::paths::series_segments(bench.path), kept, fs::copy_options::recursive);
  CHECK(compact_series(bench.log));
  // Before it removed the segments:
  fs::copy(kept, base::paths::series_segments(bench.path), fs::copy_options::recursive);
  CHECK(bench.read(1) == Value(Value::List{0.5, 0.25}));
  bench.write(1, 2, {0.125});
  CHECK(bench.read(1) == Value(Value::List{0.5, 0.25, 0.125}));
  CHECK(compact_series(bench.log));
  CHECK(bench.segments() == 0);
  CHECK(bench.read(1) == Value(Value::List{0.5, 0.25, 0.125}));
}

TEST_CASE("nothing is written when the last check says so") {
  const Bench bench;
  bench.write(1, 0, {0.5});
  const auto refuse = [] { throw Error(ErrorKind::refused, "no"); };
  CHECK_THROWS_AS(compact_series(bench.log, refuse), Error);
  CHECK_FALSE(fs::exists(base::paths::series(bench.path)));
  CHECK(bench.segments() == 1);
  const auto piece = std::make_shared<const SeriesPiece>();
  CHECK_THROWS_AS(write_segment(bench.path, std::vector{piece}, refuse), Error);
  CHECK(bench.segments() == 1);
}

TEST_CASE("a missing segment is told") {
  const Bench bench;
  bench.write(1, 0, {0.5});
  bench.write(1, 1, {0.25});
  fs::remove(base::paths::series_segment(bench.path, 1, 1));
  CHECK_THROWS_WITH(SeriesStore::open(bench.path),
                    ContainsSubstring("log.h5.d: segments 1 to 1 of"));
}

TEST_CASE("a link that leads nowhere is told") {
  const Bench bench;
  fs::create_symlink("nowhere", base::paths::series(bench.path));
  CHECK_THROWS_WITH(SeriesStore::open(bench.path), ContainsSubstring("log.h5: is a link"));
  CHECK_THROWS_WITH(SeriesStore::refuse_dangling(bench.path), ContainsSubstring("nowhere"));
}

TEST_CASE("what a journal goes on from must be stored") {
  const Bench bench;
  bench.write(1, 0, {0.5, 0.25});
  for (const std::size_t begin : {0U, 2U, 3U}) {
    SeriesByRun series(SeriesStore::open(bench.path));
    RunTails tails;
    tails.at("loss", begin).append(Value(1));
    series.set_tails(Bench::run(1), tails);
    if (begin <= 2) {
      CHECK_NOTHROW(series.require_beginnings());
    } else {
      CHECK_THROWS_WITH(series.require_beginnings(),
                        ContainsSubstring("has 2 elements up to segment 1,") &&
                            ContainsSubstring("behind element 3:"));
    }
  }
}

TEST_CASE("runs that a log lacks are counted") {
  const Bench bench;
  bench.write(1, 0, {0.5});
  bench.write(2, 0, {0.5});
  bench.write(3, 0, {0.5});
  const RunCounts counts = count_runs(bench.log, SeriesStore::open(bench.path));
  CHECK(counts.all == 3);
  CHECK(counts.unknown == 1);
}

TEST_CASE("a file that is no HDF5 file is told") {
  const Bench bench;
  bench.write(1, 0, {0.5});
  CHECK(compact_series(bench.log));
  const auto file = base::paths::series(bench.path);
  const std::string whole = base::read_file(file);
  for (const std::string& text : {std::string("text\n"), std::string(), whole.substr(0, 600),
                                  whole.substr(0, whole.size() - 1)}) {
    std::ofstream(file, std::ios::binary) << text;
    CHECK_THROWS_WITH(SeriesStore::open(bench.path), ContainsSubstring("log.h5: is damaged"));
  }
}

TEST_CASE("damage of any byte is told or changes nothing") {
  const Bench bench;
  Value::List reals;
  for (int i = 0; i < 3000; ++i) reals.emplace_back(std::sin(i));
  const bool packed = GENERATE(false, true);
  bench.write(1, 0, reals);
  bench.write(2, 0, {1, 2, 3}, "steps");
  if (packed) REQUIRE(compact_series(bench.log));
  const auto file =
      packed ? base::paths::series(bench.path) : base::paths::series_segment(bench.path, 1, 1);
  const std::string whole = base::read_file(file);
  std::size_t told = 0;
  for (std::size_t at = 0; at < whole.size(); at += at < 6000 ? 7 : 97) {
    damage(file, at);
    try {
      const Value first = bench.read(1);
      const Value second = bench.read(2, "steps");
      CHECK(first == Value(reals));
      CHECK(second == Value(Value::List{1, 2, 3}));
    } catch (const Error& error) {
      ++told;
      CHECK(error.kind() == ErrorKind::bad_input);
    }
    damage(file, at);
  }
  CHECK(told > 100);
  CHECK(bench.read(1) == Value(reals));
}

TEST_CASE("changing, melting and saving a log elsewhere take its whole series along") {
  const Bench bench;
  bench.write(1, 0, {4, 2, 0.5});
  ExperimentLog log = bench.log;
  log.add_result({{"lr", 1}}, {{"loss", 0.5}});
  log.to_tsv();
  log = read_log(bench.path, SeriesUse::checked).log;
  REQUIRE(series_of(log));
  const Value whole(Value::List{4, 2, 0.5});

  CHECK(log.melt_and_explode_metric().size() == 3);
  const auto elsewhere = bench.folder.path() / "other.tsv";
  log.to_tsv(elsewhere);
  CHECK(ExperimentLog::from_tsv(elsewhere).df().value(0, "loss") == whole);
  ExperimentLog derived = log;
  derived.derive_field(
      "steps",
      [](std::span<const Value> values) {
        return values[0].is_list() ? Value(static_cast<int>(values[0].list().size())) : Value();
      },
      {"loss"});
  CHECK(derived.df().value(0, "steps") == Value(3));
  ExperimentLog renamed = log;
  renamed.rename_fields({{"loss", "error"}});
  CHECK(renamed.df().value(0, "error") == whole);
  log.drop_fields({"status"});
  CHECK(log.df().value(0, "loss") == whole);
}

TEST_CASE("series are written for the rows that end with them; other rows of a run keep theirs") {
  const Bench bench;
  bench.write(1, 0, {0.5, 0.25});
  bench.write(1, 0, {7, 8}, "acc");
  bench.write(2, 0, {1.5, 2.5});
  const SeriesStore store = SeriesStore::open(bench.path);
  auto log = ExperimentLog::from_fields({"lr"}, {"status", "loss", "acc"}, {{"epochs", 3}},
                                        bench.folder.path() / "new.tsv");
  const std::vector<std::string> lines = {"1\tC\t[0.75, 0.25]\t8", "1\tC\t0.25\t9", "2\tC\t3.5\t",
                                          "1\tF\t0.25\t"};
  for (const std::string& line : lines) change_table(log).append(line);
  const std::vector<const SeriesStore*> stores(lines.size(), &store);
  CHECK(write_series(log, stores));
  CHECK(table_of(log).line(0) == lines[0]);
  CHECK(table_of(log).line(1) == lines[1]);
  CHECK(table_of(log).line(2) == lines[2]);
  CHECK(table_of(log).line(3) == "1\tF\t[0.5, 0.25]\t");
  const SeriesStore written = SeriesStore::open(log.logs_file());
  CHECK(written.size() == 2);
  CHECK(written.read(written.find(Bench::run(1), "loss").value()).list() == Value::List{0.5, 0.25});
  CHECK(written.read(written.find(Bench::run(1), "acc").value()).list() == Value::List{7, 8});
  CHECK_NOTHROW(check_series(log, SeriesByRun(written)));
}
