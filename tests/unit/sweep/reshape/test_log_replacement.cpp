#include <sys/stat.h>

#include "base/files/paths.hpp"
#include "catch.hpp"
#include "malet/error.hpp"
#include "sweep/folder/folder.hpp"
#include "sweep/reshape/log_replacement.hpp"
#include "temp_folder.hpp"
#include "writer_help.hpp"

using malet::ExperimentLog;
using malet::sweep::open_log;
using malet::sweep::replace_log;
using malet::test::TempFolder;

namespace {

ExperimentLog log_of(double lr) {
  auto log = ExperimentLog::from_fields({"lr"}, {"status"}, {}, "");
  log.add_result({{"lr", lr}}, {{"status", "C"}});
  return log;
}

}  // namespace

TEST_CASE("a new file is written, and the same content once more is no change") {
  const TempFolder folder;
  const auto file = folder.path() / "below" / "out.tsv";
  replace_log(log_of(0.1), file, {});
  CHECK(open_log(file).size() == 1);
  replace_log(log_of(0.1), file, {});
  CHECK(folder.files("below") == std::vector<std::string>{"out.tsv"});
}

TEST_CASE("other content stays unless it is the source, or force is used") {
  const TempFolder folder;
  const auto file = folder.write("out.tsv", "notes");
  CHECK_THROWS_WITH(replace_log(log_of(0.1), file, {}), ContainsSubstring("--force"));
  CHECK(folder.read("out.tsv") == "notes");
  replace_log(log_of(0.1), file, {nullptr, true});
  const ExperimentLog source = open_log(file);
  replace_log(log_of(0.2), file, {&source, false});
  CHECK(open_log(file).isin({{"lr", 0.2}}));
}

TEST_CASE("what is no file stays, also with force") {
  const TempFolder folder;
  const auto fifo = folder.path() / "fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  for (const auto& path : {fifo, folder.path(), std::filesystem::path()}) {
    try {
      replace_log(log_of(0.1), path, {nullptr, true});
      FAIL(path);
    } catch (const malet::Error& error) {
      CHECK(error.kind() == malet::ErrorKind::bad_input);
    }
  }
  CHECK(std::filesystem::is_fifo(fifo));
  CHECK(folder.files() == std::vector<std::string>{"fifo"});
}

TEST_CASE("a source that was written since it was read is not replaced") {
  const TempFolder folder;
  const auto file = folder.path() / "out.tsv";
  log_of(0.1).to_tsv(file);
  const ExperimentLog source = open_log(file);
  log_of(0.3).to_tsv(file);
  CHECK_THROWS_WITH(replace_log(log_of(0.2), file, {&source, false}),
                    ContainsSubstring("in the meantime"));
  CHECK(open_log(file).isin({{"lr", 0.3}}));
  CHECK(folder.files() == std::vector<std::string>{"out.tsv"});
}

TEST_CASE("a file that somebody writes is refused, also with force") {
  const TempFolder folder;
  const auto file = folder.path() / "out.tsv";
  malet::test::put_writer(malet::base::paths::writer(file), malet::test::living_writer());
  CHECK_THROWS_AS(replace_log(log_of(0.1), file, {nullptr, true}), malet::Error);
  CHECK_FALSE(std::filesystem::exists(file));
}

TEST_CASE("what stands where a log's series would be stays unless force is used") {
  const TempFolder folder;
  const auto file = folder.path() / "out.tsv";
  (void)folder.write("out.h5", "notes");
  CHECK_THROWS_WITH(replace_log(log_of(0.1), file, {}), ContainsSubstring("out.h5"));
  CHECK_THROWS_WITH(replace_log(log_of(0.1), folder.path() / "out.h5", {nullptr, true}),
                    ContainsSubstring(".tsv"));
  CHECK(folder.files() == std::vector<std::string>{"out.h5"});
  replace_log(log_of(0.1), file, {nullptr, true});
  CHECK(folder.files() == std::vector<std::string>{"out.tsv"});
}
