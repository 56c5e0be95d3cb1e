#include "base/text/run_id.hpp"
#include "catch.hpp"
#include "malet/config.hpp"
#include "record/table/key_text.hpp"

using malet::from_cell;
using malet::to_key;
using malet::Value;
using malet::record::cell_key;
using malet::record::RunIds;
using malet::record::value_key;

TEST_CASE("the key text of a cell is that of the value it stands for") {
  for (const std::string cell : {"",
                                 "0",
                                 "-0",
                                 "7",
                                 "-7",
                                 "007",
                                 "1.0",
                                 "0.0",
                                 "-0.0",
                                 "1e+20",
                                 "1e-05",
                                 "word",
                                 "None",
                                 "nan",
                                 "-nan",
                                 "inf",
                                 "-inf",
                                 "True",
                                 "False",
                                 "(64,)",
                                 "[64]",
                                 "(1.0, None)",
                                 "{'b': 1, 'a': 2.0}",
                                 "9223372036854775808",
                                 "999999999999999999999",
                                 "-",
                                 ".5",
                                 "5.",
                                 "+3",
                                 "3x",
                                 "_",
                                 "N",
                                 "'a'"}) {
    CAPTURE(cell);
    std::string scratch;
    CHECK(cell_key(cell, scratch) == to_key(from_cell(cell)));
  }
}

TEST_CASE("a value has the key text of the cell it is written as") {
  CHECK(value_key(Value(1.0)) == value_key(Value(1)));
  CHECK(value_key(Value("1")) == value_key(Value(1)));
  CHECK(value_key(Value("1.0")) == value_key(Value(1)));
  CHECK(value_key(Value("None")).empty());
  CHECK(value_key(Value("nan")).empty());
  CHECK(value_key(Value("True")) == value_key(Value(true)));
  CHECK(value_key(Value("[64]")) == value_key(Value(Value::List{64})));
  CHECK(value_key(Value("true")) == "true");
  CHECK(value_key(Value(std::string("a\0b", 3))) ==
        "a\xEF\xBF\xBD"
        "b");
}

TEST_CASE("the hash of a cell is that of its key text, seen before or not") {
  malet::record::CellHashes hashes(3);
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 3000; ++i) {
      const std::string cell = std::to_string(i) + ".0";
      REQUIRE(hashes.hash(cell, true) == malet::record::key_hash(std::to_string(i), 3));
    }
  }
  const std::string kept = "0.5";
  CHECK(hashes.hash(kept, false) == hashes.hash("0.5", true));
  CHECK(hashes.hash("", false) == 0);
  CHECK(malet::record::key_hash("1", 0) != malet::record::key_hash("1", 1));
}

TEST_CASE("a row has its config's run_id") {
  const malet::Config config{
      {"model", "a b"}, {"lr", 1.0}, {"widths", Value::List{64, 32}}, {"seed", 3}};
  RunIds ids({{"model", "a b"}}, {"lr", "widths", "seed"});
  CHECK(malet::base::run_id_text(ids.of_line("1.0\t(64, 32)\t3\tC\t0.5")) == config.run_id());
  CHECK(ids.of_line("1\t(64, 32)\t3") == ids.of_line("1.0\t(64, 32)\t3\tF"));
}

TEST_CASE("run_ids stay when fields move between static and grid, or are empty") {
  RunIds grid({}, {"seed", "lr", "other"});
  RunIds statics({{"lr", 0.5}}, {"seed"});
  CHECK(grid.of_line("3\t0.5\t") == statics.of_line("3"));
  CHECK(grid.of_line("3\t0.5\t1") != statics.of_line("3"));
}
