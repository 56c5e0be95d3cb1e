#include "catch.hpp"
#include "file_size_limit.hpp"
#include "malet/error.hpp"
#include "record/journal/journal.hpp"
#include "temp_folder.hpp"

using namespace malet;
using malet::record::Journal;
using malet::test::FileSizeLimit;
using malet::test::TempFolder;

TEST_CASE("what is pending is written by flush") {
  const TempFolder folder;
  Journal journal(folder.path() / "j", "head\n");
  CHECK(folder.read("j") == "head\n");
  journal.pending() += "one\n";
  CHECK(folder.read("j") == "head\n");
  CHECK(journal.end() == 9);
  CHECK(journal.flush());
  CHECK(folder.read("j") == "head\none\n");
  CHECK(folder.files() == std::vector<std::string>{"j"});
}

TEST_CASE("a journal begins as a new file, whoever still writes to the old one") {
  const TempFolder folder;
  Journal before(folder.path() / "j", "before\n");
  Journal after(folder.path() / "j", "after\n");
  before.pending() += "late\n";
  CHECK(before.flush());
  CHECK(folder.read("j") == "after\n");
}

TEST_CASE("beginning anew keeps what came meanwhile, written or not") {
  const TempFolder folder;
  Journal journal(folder.path() / "j", "head\n");
  journal.pending() += "in the snapshot\n";
  CHECK(journal.flush());
  const auto from = journal.end();
  journal.pending() += "written\n";
  CHECK(journal.flush());
  journal.pending() += "pending\n";
  journal.restart("other head\n", from);
  CHECK(folder.read("j") == "other head\nwritten\npending\n");
  journal.pending() += "more\n";
  CHECK(journal.flush());
  CHECK(folder.read("j") == "other head\nwritten\npending\nmore\n");
}

TEST_CASE("beginning anew in the middle of what is pending keeps the rest") {
  const TempFolder folder;
  Journal journal(folder.path() / "j", "head\n");
  journal.pending() += "in the snapshot\n";
  const auto from = journal.end();
  journal.pending() += "after\n";
  journal.restart("head\n", from);
  CHECK(folder.read("j") == "head\nafter\n");
}

TEST_CASE("what a full disk cut off is written over") {
  const TempFolder folder;
  Journal journal(folder.path() / "j", "head\n");
  journal.pending() += "0123456789\n";
  {
    const FileSizeLimit limit(10);
    CHECK_FALSE(journal.flush());
    CHECK_THAT(journal.why(), Catch::Contains("cannot be written"));
  }
  journal.pending() += "more\n";
  CHECK(journal.flush());
  CHECK(journal.why().empty());
  CHECK(folder.read("j") == "head\n0123456789\nmore\n");
}

TEST_CASE("a journal that cannot begin anew goes on as it was") {
  const TempFolder folder;
  Journal journal(folder.path() / "j", "head\n");
  journal.pending() += "one\n";
  {
    const FileSizeLimit limit(3);
    CHECK_THROWS_AS(journal.restart("other head\n", 0), Error);
  }
  CHECK(journal.flush());
  CHECK(folder.read("j") == "head\none\n");
  CHECK(folder.files() == std::vector<std::string>{"j"});
}

TEST_CASE("a journal that is not needed any more is removed") {
  const TempFolder folder;
  Journal journal(folder.path() / "j", "head\n");
  journal.remove();
  CHECK(folder.files().empty());
}
