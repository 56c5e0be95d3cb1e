#include "catch.hpp"
#include "malet/config_iter.hpp"
#include "malet/progress.hpp"
#include "malet/registry.hpp"
#include "sweep/job/job.hpp"
#include "sweep/recording/log_writer.hpp"
#include "temp_folder.hpp"

using namespace malet;
using malet::sweep::LogWriter;
using malet::test::TempFolder;

TEST_CASE("columns of fields that became static hold their values") {
  const TempFolder folder;
  const auto before = ConfigIter::from_text(
      "grid:\n  b: [a long text value that no short string holds]\n  l: [[1, 2, 3]]\n  k: [1]\n"
      "  x: [1]\n");
  const auto after = ConfigIter::from_text(
      "b: a long text value that no short string holds\nl: [1, 2, 3]\nk: 1\ngrid: {x: [1, 2]}\n");
  LogWriter writer(sweep::new_log(before, {}, folder.path() / "log.tsv"), {}, after, "");
  const Metrics metrics = {{"result", 3}};
  writer.put(1, {base::now(), base::Micros(5), 'C', &metrics});
  const auto table = writer.log().df();
  CHECK(table.text(0, "b") == "a long text value that no short string holds");
  CHECK(table.text(0, "l") == "(1, 2, 3)");
  CHECK(table.text(0, "k") == "1");
  CHECK(table.text(0, "x") == "2");
}
