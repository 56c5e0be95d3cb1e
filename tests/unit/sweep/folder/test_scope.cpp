#include <initializer_list>
#include <string>

#include "catch.hpp"
#include "malet/error.hpp"
#include "sweep/folder/scope.hpp"
#include "temp_folder.hpp"

using namespace malet;
using malet::sweep::make_scope;
using namespace malet::sweep;
using malet::test::TempFolder;

namespace {

constexpr const char* names =
    "grid:\n"
    "  name: [a b, c, \"it's\", \"a\\tb\", '1']\n"
    "  hidden: [[64], [64, 32], [[1, 2], 3]]\n"
    "  flag: [true, false]\n";

std::uint64_t size_of(const std::string& total, const std::string& current) {
  ExperimentOptions options;
  options.splits.total = total;
  options.splits.current = current;
  return make_scope(ConfigIter::from_text(names), options).configs.size();
}

std::string log_text(std::initializer_list<int> seeds) {
  std::string text =
      "[Static Configs]\n{}\n---------------------------------------------\n"
      "  \t    \tstatus\nid\tseed\t      \n";
  for (const int seed : seeds) text += "0\t" + std::to_string(seed) + "\tC\n";
  return text;
}

/// A folder of 24 configs, the seeds from 0 on.
class Splits {
 public:
  explicit Splits(const std::string& seeds = "[i;0:1:23]") {
    folder_.write("exp_config.yaml", "grid: {seed: " + seeds + "}");
  }
  void log(const std::string& name, std::initializer_list<int> seeds) const {
    folder_.write(name, log_text(seeds));
  }
  void check(const std::string& total, bool same = true) const {
    ExperimentOptions options;
    options.splits.total = total;
    options.splits.same = same;
    refuse_other_splits(open_folder(folder_.path()), options);
  }

 private:
  TempFolder folder_;
};

}  // namespace

TEST_CASE("a split without a number of splits is refused, unless it is the only one") {
  CHECK(size_of("1", "0") == 30);
  for (const char* current : {"1", "5", "a b", ""}) {
    CHECK_THROWS_WITH(size_of("1", current), ContainsSubstring("--total-splits"));
  }
}

TEST_CASE("field splits take values with blanks, alone or in quotes") {
  CHECK(size_of("name", "a b") == 6);
  CHECK(size_of("name", "'a b' c") == 12);
  CHECK(size_of("name", "c  \"a b\"") == 12);
  CHECK(size_of("name", "a\tb") == 6);
  CHECK(size_of("name", "'a\tb' 'a b'") == 12);
  CHECK(size_of("name", "it's c") == 12);
  CHECK(size_of("name", "1 '1'") == 6);
  CHECK_THROWS_WITH(size_of("name", "a c"), ContainsSubstring("no value a"));
  CHECK_THROWS_WITH(size_of("name", "'a b"), ContainsSubstring("no value 'a"));
}

TEST_CASE("field splits take lists as they are written in exp_config.yaml or in a log") {
  CHECK(size_of("hidden", "[64, 32]") == 10);
  CHECK(size_of("hidden", "(64, 32)") == 10);
  CHECK(size_of("hidden", "(64,) [64, 32]") == 20);
  CHECK(size_of("hidden", "[64] [[1, 2], 3]") == 20);
  CHECK_THROWS_WITH(size_of("hidden", "[64, 33]"), ContainsSubstring("no value [64, 33]"));
}

TEST_CASE("field splits take booleans as YAML and as Python write them") {
  CHECK(size_of("flag", "true") == 15);
  CHECK(size_of("flag", "False") == 15);
  CHECK(size_of("flag", "True false") == 30);
}

TEST_CASE("a folder without splits takes any number of them") {
  const Splits folder;
  CHECK_NOTHROW(folder.check("3"));
  folder.log("log.tsv", {0, 1, 2, 3});
  CHECK_NOTHROW(folder.check("3"));
  CHECK_NOTHROW(folder.check("1"));
}

TEST_CASE("splits go on as so many, and not as others") {
  const Splits folder;
  folder.log("log_splits/split_0.tsv", {0, 4, 8, 20});
  folder.log("log_splits/split_2.tsv", {2, 6});
  CHECK_NOTHROW(folder.check("4"));
  for (const char* other : {"3", "5", "8", "1"}) {
    CHECK_THROWS_WITH(folder.check(other),
                      ContainsSubstring("split_2.tsv is of 4 splits, not of "));
    CHECK_NOTHROW(folder.check(other, false));
  }
}

TEST_CASE("a split beyond the number is told even if no row tells the number") {
  const Splits folder;
  folder.log("log_splits/split_0.tsv", {0});
  folder.log("log_splits/split_5.tsv", {});
  CHECK_THROWS_WITH(folder.check("5"), ContainsSubstring("split_5.tsv is of at least 6 splits"));
  CHECK_NOTHROW(folder.check("6"));
  CHECK_NOTHROW(folder.check("7"));
  CHECK_THROWS_AS(folder.check("1"), Error);
}

TEST_CASE("rows of a grid that was changed since say nothing") {
  const Splits folder("[7, 0, 3, 1, 9, 2, 4]");
  folder.log("log_splits/split_0.tsv", {0, 3, 99});
  folder.log("log_splits/split_1.tsv", {1, 4});
  CHECK_NOTHROW(folder.check("3"));
  CHECK_NOTHROW(folder.check("2"));
  CHECK_THROWS_AS(folder.check("1"), Error);
}

TEST_CASE("splits by a field are others than numbered ones") {
  const Splits folder;
  folder.log("log_splits/split_sgd.tsv", {0, 1});
  CHECK_THROWS_WITH(folder.check("2"), ContainsSubstring("split_sgd.tsv is of a split by a field"));
  CHECK_NOTHROW(folder.check("seed"));
}

TEST_CASE("logs of jobs in queue mode are no splits") {
  const Splits folder;
  folder.log("log_splits/split_job77.tsv", {5, 1, 2});
  CHECK_NOTHROW(folder.check("2"));
}

TEST_CASE("a single job with a static schedule goes on in the splits of its slots") {
  const TempFolder folder;
  folder.write("exp_config.yaml", "grid: {seed: [i;0:1:24]}");
  folder.write("log_splits/split_3.tsv", log_text({3, 7}));
  ExperimentOptions options;
  options.splits.same = true;
  CHECK_THROWS_AS(refuse_other_splits(open_folder(folder.path()), options), Error);
  options.pace.schedule = Schedule::fixed;
  CHECK_NOTHROW(refuse_other_splits(open_folder(folder.path()), options));
}
