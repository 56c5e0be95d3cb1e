#include <thread>

#include "base/files/paths.hpp"
#include "catch.hpp"
#include "malet/error.hpp"
#include "malet/experiment_log.hpp"
#include "temp_folder.hpp"
#include "writer_help.hpp"

using malet::ExperimentLog;
using malet::LogLock;
using malet::test::TempFolder;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

ExperimentLog locking_log(const fs::path& file) {
  auto log = ExperimentLog::from_fields({"lr"}, {"status"}, {}, file);
  log.set_use_filelock(true);
  return log;
}

}  // namespace

TEST_CASE("a log that does not use a lock has an empty guard and leaves no file") {
  TempFolder folder;
  auto log = ExperimentLog::from_fields({"lr"}, {}, {}, folder.path() / "log.tsv");
  CHECK_FALSE(log.use_filelock());
  CHECK_FALSE(log.lock_file().is_held());
  log.to_tsv();
  CHECK(folder.files() == std::vector<std::string>{"log.tsv"});
}

TEST_CASE("a guard holds the log's writer file until it is gone") {
  TempFolder folder;
  auto log = locking_log(folder.path() / "log.tsv");
  {
    const LogLock guard = log.lock_file();
    CHECK(guard.is_held());
    CHECK(folder.files() == std::vector<std::string>{"log.tsv.writer"});
    const LogLock second = log.lock_file();
    CHECK(second.is_held());
    log.to_tsv();
    log.load_tsv();
    log.to_tsv();
  }
  CHECK(folder.files() == std::vector<std::string>{"log.tsv"});
}

TEST_CASE("writing takes the lock by itself, and not for another file") {
  TempFolder folder;
  auto log = locking_log(folder.path() / "log.tsv");
  const auto writer = malet::base::paths::writer(folder.path() / "log.tsv");
  malet::test::put_writer(writer, malet::test::living_writer());
  CHECK_THROWS_AS(log.to_tsv(), malet::Error);
  CHECK_FALSE(fs::exists(folder.path() / "log.tsv"));
  log.to_tsv(folder.path() / "copy.tsv");
  fs::remove(writer);
  log.to_tsv();
  CHECK(fs::exists(folder.path() / "log.tsv"));
}

TEST_CASE("a living writer is waited for as long as patience lasts") {
  TempFolder folder;
  const auto log = locking_log(folder.path() / "log.tsv");
  const auto writer = malet::base::paths::writer(log.logs_file());
  malet::test::put_writer(writer, malet::test::living_writer());
  CHECK_THROWS_WITH(log.lock_file(), ContainsSubstring("log.tsv.writer"));
  std::thread leaver([&] {
    std::this_thread::sleep_for(50ms);
    fs::remove(writer);
  });
  CHECK(log.lock_file(std::chrono::minutes(5)).is_held());
  leaver.join();
}

TEST_CASE("a folder's log is not locked while a job writes the folder's other logs") {
  TempFolder folder;
  fs::create_directory(folder.path() / "log_splits");
  const auto split = malet::base::paths::split_log(folder.path(), "0");
  malet::test::put_writer(malet::base::paths::writer(split), malet::test::living_writer());
  CHECK_THROWS_AS(locking_log(folder.path() / "log.tsv").lock_file(), malet::Error);
  CHECK(locking_log(folder.path() / "other.tsv").lock_file().is_held());
}

TEST_CASE("Malet's queue file is looked at and never changed") {
  TempFolder folder;
  folder.write("log.tsv.lock", "12\n");
  CHECK_THROWS_WITH(locking_log(folder.path() / "log.tsv").lock_file(),
                    ContainsSubstring("Python Malet"));
  CHECK(folder.read("log.tsv.lock") == "12\n");
  CHECK(folder.files() == std::vector<std::string>{"log.tsv.lock"});
}

TEST_CASE("a log without a file cannot be locked") {
  CHECK_THROWS_WITH(locking_log("").lock_file(), ContainsSubstring("no file"));
}
