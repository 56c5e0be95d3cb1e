#include "catch.hpp"
#include "sweep/folder/scope.hpp"

using namespace malet;
using malet::sweep::make_scope;

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
