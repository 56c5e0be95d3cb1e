#include "catch.hpp"
#include "record/table/key_index.hpp"

using malet::record::KeyIndex;
using malet::record::Table;

namespace {

using Keys = std::vector<std::string>;

}  // namespace

TEST_CASE("rows are found by the key texts of their grid cells") {
  Table table({"lr", "wd"}, {"status"});
  table.append("0.1\t0.0\tC");
  table.append("0.1\t\tC");
  table.append("\t0.1\tC");
  table.append("\"a\tb\"\t(64,)\tC");
  table.append("1");
  const KeyIndex index(table);
  CHECK(index.find(table, Keys{"0.1", "0"}) == std::size_t{0});
  CHECK(index.find(table, Keys{"0.1", ""}) == std::size_t{1});
  CHECK(index.find(table, Keys{"", "0.1"}) == std::size_t{2});
  CHECK(index.find(table, Keys{"a\tb", "(64,)"}) == std::size_t{3});
  CHECK(index.find(table, Keys{"1", ""}) == std::size_t{4});
  CHECK_FALSE(index.find(table, Keys{"", ""}));
  CHECK_FALSE(index.find(table, Keys{"0", "0.1"}));
}

TEST_CASE("of the rows of one config the best status speaks, then the last") {
  Table table({"lr"}, {"status"});
  for (const char* line : {"1\tF", "1.0\tC", "1\tC", "1\tF", "2\tR", "2\tF", "2.0\tR", "3", "3\tR",
                           "4", "4\tX", "4"}) {
    table.append(line);
  }
  const KeyIndex index(table);
  CHECK(index.find(table, Keys{"1"}) == std::size_t{2});
  CHECK(index.find(table, Keys{"2"}) == std::size_t{5});
  CHECK(index.find(table, Keys{"3"}) == std::size_t{8});
  CHECK(index.find(table, Keys{"4"}) == std::size_t{11});
}

TEST_CASE("a table without grid fields has one config") {
  Table table({}, {"status"});
  const KeyIndex empty(table);
  CHECK_FALSE(empty.find(table, Keys{}));
  table.append("C");
  CHECK(KeyIndex(table).find(table, Keys{}) == std::size_t{0});
}

TEST_CASE("an index grows with the rows inserted, and equals one made at once") {
  Table table({"a", "b"}, {});
  KeyIndex grown(table);
  for (int i = 0; i < 20000; ++i) {
    const Keys keys{std::to_string(i % 100), std::to_string(i / 100) + ".5"};
    REQUIRE_FALSE(grown.find(table, keys));
    grown.insert(table.append(keys[0] + "\t" + keys[1]), keys);
  }
  const KeyIndex made(table);
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const Keys keys{std::to_string(i % 100), std::to_string(i / 100) + ".5"};
    REQUIRE(grown.find(table, keys) == i);
    REQUIRE(made.find(table, keys) == i);
  }
}
