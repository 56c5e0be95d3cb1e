#include "base/text/run_id.hpp"
#include "catch.hpp"
#include "malet/config.hpp"
#include "malet/value.hpp"
#include "record/series/run_ids.hpp"

using namespace malet;
using namespace malet::record;

TEST_CASE("a row has its config's run_id") {
  const Config config{{"model", "a b"}, {"lr", 1.0}, {"widths", Value::List{64, 32}}, {"seed", 3}};
  RunIds ids({{"model", "a b"}}, {"lr", "widths", "seed"});
  CHECK(base::run_id_text(ids.of_line("1.0\t(64, 32)\t3\tC\t0.5")) == config.run_id());
  CHECK(ids.of_line("1\t(64, 32)\t3") == ids.of_line("1.0\t(64, 32)\t3\tF"));
}

TEST_CASE("run_ids stay when fields move between static and grid, or are empty") {
  RunIds grid({}, {"seed", "lr", "other"});
  RunIds statics({{"lr", 0.5}}, {"seed"});
  CHECK(grid.of_line("3\t0.5\t") == statics.of_line("3"));
  CHECK(grid.of_line("3\t0.5\t1") != statics.of_line("3"));
}
