#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <sstream>
#include <thread>

#include "base/files/files.hpp"
#include "base/files/paths.hpp"
#include "catch.hpp"
#include "file_size_limit.hpp"
#include "malet/error.hpp"
#include "temp_folder.hpp"

using malet::Error;
using malet::base::AtomicFile;
using malet::base::AtomicPath;
using malet::base::read_file;
using malet::base::require_replaceable;

TEST_CASE("a file is replaced as a whole, or not at all") {
  const malet::test::TempFolder folder;
  const auto path = folder.path() / "a" / "b.txt";
  {
    AtomicFile file(path);
    file.write("one");
    file.commit();
  }
  CHECK(read_file(path) == "one");
  {
    AtomicFile file(path);
    file.write("two");
  }
  CHECK(read_file(path) == "one");
  CHECK(folder.files("a") == std::vector<std::string>{"b.txt"});
}

TEST_CASE("a file that cannot be written is an error with path and reason") {
  const malet::test::TempFolder folder;
  folder.write("file", "x");
  CHECK_THROWS_WITH(AtomicFile(folder.path() / "file" / "below"),
                    ContainsSubstring("below: cannot be opened: Not a directory"));
}

TEST_CASE("a folder that must not be made says so, not that it is missing") {
  const malet::test::TempFolder folder;
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0555));
  const auto user = ::geteuid();
  if (user == 0) REQUIRE(::seteuid(65534) == 0);  // root may write anywhere
  CHECK_THROWS_WITH(AtomicFile(folder.path() / "log_splits" / "split_0.tsv"),
                    ContainsSubstring("split_0.tsv: cannot be opened: Permission denied"));
  REQUIRE(::seteuid(user) == 0);
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
}

TEST_CASE("a disk that fills up while writing leaves the old file") {
  const malet::test::TempFolder folder;
  const auto path = folder.write("x", "old");
  // A limit on file sizes fails writes as a full disk does.
  const malet::test::FileSizeLimit limit(1000);
  CHECK_THROWS_WITH(
      [&] {
        AtomicFile file(path);
        file.write(std::string(5000, 'x'));
        file.commit();
      }(),
      ContainsSubstring("x: cannot be written"));
  CHECK(folder.files() == std::vector<std::string>{"x"});
  CHECK(read_file(path) == "old");
}

TEST_CASE("reading what is no regular file is an error") {
  const malet::test::TempFolder folder;
  CHECK_THROWS_WITH(read_file(folder.path()), ContainsSubstring("Is a directory"));
  CHECK_THROWS_WITH(read_file(folder.path() / "none"), ContainsSubstring("No such file"));
  CHECK_THROWS_WITH(read_file("/dev/zero"), ContainsSubstring("not a regular file"));
}

TEST_CASE("only files are replaced, not folders and devices") {
  const malet::test::TempFolder folder;
  CHECK_NOTHROW(require_replaceable(folder.write("file", "x")));
  CHECK_NOTHROW(require_replaceable(folder.path() / "new"));
  const auto fifo = folder.path() / "fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  std::filesystem::create_symlink(fifo, folder.path() / "link");
  for (const auto& path : {std::filesystem::path(), folder.path(), folder.path() / "new/", fifo,
                           folder.path() / "link"}) {
    CHECK_THROWS_AS(require_replaceable(path), Error);
  }
}

TEST_CASE("a queue job's log and a claim tell whose they are, and other files do not") {
  namespace paths = malet::base::paths;
  CHECK(paths::job_log("E", "17") == "E/log_splits/split_job17.tsv");
  CHECK(paths::job_of("E/log_splits/split_job17.tsv") == "17");
  CHECK_FALSE(paths::job_of("E/log_splits/split_17.tsv"));
  CHECK_FALSE(paths::job_of("E/log_splits/split_job.tsv"));
  CHECK(paths::claim("E", 40) == "E/claims/40");
  CHECK(paths::claimed_chunk("E/claims/40") == 40U);
  for (const char* name : {"040", "4x", "-1", "grid.json", ".claim.a", ""}) {
    CHECK_FALSE(paths::claimed_chunk(paths::claims("E") / name));
  }
}

TEST_CASE("of the claims folder what is ours is known, and what is not is left out") {
  namespace paths = malet::base::paths;
  const malet::test::TempFolder folder;
  CHECK(paths::claim_files(folder.path()).empty());
  for (const char* name : {"7", "grid.json", ".claim.a.held", "grid.json.writer", "notes"}) {
    folder.write(std::filesystem::path("claims") / name, "");
  }
  CHECK(paths::claim_files(folder.path()).size() == 3);
}

TEST_CASE("names of splits are made fit for files") {
  namespace paths = malet::base::paths;
  CHECK(paths::split_log("E", "3") == "E/log_splits/split_3.tsv");
  CHECK(paths::split_log("E", "sgd adam") == "E/log_splits/split_sgd adam.tsv");
  CHECK(paths::split_log("E", "../x%\n") == "E/log_splits/split_..%2Fx%25%0A.tsv");
  const auto one = paths::split_log("E", std::string(300, 'a') + "1");
  CHECK(one.filename().string().size() < 256);
  CHECK(one != paths::split_log("E", std::string(300, 'a') + "2"));
}

TEST_CASE("the name of a split is read from that of its log, and of no other") {
  namespace paths = malet::base::paths;
  CHECK(paths::split_name(paths::split_log("E", "3")) == "3");
  CHECK(paths::split_name(paths::split_log("E", "a/b")) == "a%2Fb");
  for (const char* other : {"E/log.tsv", "E/split_3.tsv", "E/log_splits/split_3.tsv.journal",
                            "E/log_splits/part_3.tsv", "E/log_splits.new/split_3.tsv"}) {
    CHECK_FALSE(paths::split_name(other));
  }
}

TEST_CASE("what is submitted stands in a folder of its own") {
  namespace paths = malet::base::paths;
  CHECK(paths::submitted_jobs("E") == "E/submit/jobs.jsonl");
  const auto script = paths::batch_script("E", 2);
  CHECK(script == "E/submit/job_2.sbatch");
  CHECK(paths::batch_output(script, "%A_%a") == "E/submit/job_2-%A_%a.out");
}

TEST_CASE("the logs of a folder are log.tsv and the splits, without backups") {
  const malet::test::TempFolder folder;
  for (const char* name : {"log.tsv", "log_splits/split_1.tsv", "log_splits/split_0.tsv",
                           "logs_backup.tsv", "log_splits/split_0.tsv.tmp.12"}) {
    folder.write(name, "");
  }
  const auto logs = malet::base::paths::existing_logs(folder.path());
  REQUIRE(logs.size() == 3);
  CHECK(logs[0].filename() == "log.tsv");
  CHECK(logs[1].filename() == "split_0.tsv");
  CHECK(logs[2].filename() == "split_1.tsv");
}

TEST_CASE("the writers of a folder are those of all logs that may be") {
  namespace paths = malet::base::paths;
  const malet::test::TempFolder folder;
  CHECK(paths::writers(folder.path()).empty());
  CHECK(paths::writer("E/log.tsv") == "E/log.tsv.writer");
  CHECK(paths::malet_lock("E/log.tsv") == "E/log.tsv.lock");
  for (const char* name : {"log.tsv", "log.tsv.writer", "log_splits/split_1.tsv.writer",
                           "log_splits/split_0.tsv.writer", "log_splits/split_2.tsv",
                           "log_splits/.writer.12", "logs_backup.tsv.writer"}) {
    folder.write(name, "");
  }
  const auto writers = paths::writers(folder.path());
  REQUIRE(writers.size() == 3);
  CHECK(writers[0] == folder.path() / "log.tsv.writer");
  CHECK(writers[1] == folder.path() / "log_splits" / "split_0.tsv.writer");
  CHECK(writers[2] == folder.path() / "log_splits" / "split_1.tsv.writer");
}

TEST_CASE("logs that cannot be read are not taken for none") {
  using malet::base::paths::existing_logs;
  const malet::test::TempFolder folder;
  CHECK(existing_logs(folder.path()).empty());
  CHECK(existing_logs(folder.path() / "none").empty());
  const auto splits = folder.path() / "log_splits";
  SECTION("log_splits is a file") {
    folder.write("log_splits", "");
    CHECK_THROWS_WITH(existing_logs(folder.path()),
                      ContainsSubstring("log_splits: cannot be read: Not a directory"));
  }
  SECTION("log_splits leads nowhere") {
    std::filesystem::create_symlink("gone", splits);
    CHECK_THROWS_WITH(existing_logs(folder.path()),
                      ContainsSubstring("log_splits: cannot be read: No such file"));
  }
  SECTION("a log leads nowhere") {
    std::filesystem::create_directory(splits);
    std::filesystem::create_symlink("gone", splits / "split_0.tsv");
    std::filesystem::create_symlink("gone", folder.path() / "log.tsv");
    const auto logs = existing_logs(folder.path());
    REQUIRE(logs.size() == 2);
    CHECK_THROWS_WITH(read_file(logs[0]), ContainsSubstring("log.tsv: cannot be read: No such"));
    CHECK_THROWS_WITH(read_file(logs[1]),
                      ContainsSubstring("split_0.tsv: cannot be read: No such"));
  }
}

TEST_CASE("a folder's logs are an experiment's, or else all that it holds") {
  using malet::base::paths::logs_in;
  const malet::test::TempFolder folder;
  CHECK(logs_in(folder.path()).empty());
  const auto b = folder.write("b.tsv", "");
  const auto a = folder.write("a.tsv", "");
  folder.write("a.tsv.journal", "");
  CHECK(logs_in(folder.path()) == std::vector<std::filesystem::path>{a, b});
  const auto log = folder.write("log.tsv", "");
  CHECK(logs_in(folder.path()) == std::vector<std::filesystem::path>{log});
  CHECK_THROWS_AS(logs_in(folder.path() / "none"), malet::Error);
}

TEST_CASE("a log's place tells its experiment folder") {
  using malet::base::paths::folder_of;
  CHECK(folder_of("exp/log.tsv") == "exp");
  CHECK(folder_of("exp/log_splits/split_0.tsv") == "exp");
  CHECK(folder_of("log.tsv") == "");
}

TEST_CASE("what a killed process left is removed, and nothing else") {
  const malet::test::TempFolder folder;
  for (const char* name :
       {"log.tsv", "log.tsv.tmp.12", "log.tsv.tmp.", "log.tsv.tmp.1x", "other.tsv.tmp.12"}) {
    folder.write(name, "x");
  }
  malet::base::remove_temporaries(folder.path() / "log.tsv");
  CHECK(folder.files() ==
        std::vector<std::string>{"log.tsv", "log.tsv.tmp.", "log.tsv.tmp.1x", "other.tsv.tmp.12"});
}

TEST_CASE("lines are appended behind a last one that was cut off") {
  const malet::test::TempFolder folder;
  const auto file = folder.write("lines", "whole\nhal");
  CHECK(malet::base::append_to_file(file, "next\n"));
  CHECK(malet::base::append_to_file(file, "more\n"));
  CHECK(folder.read("lines") == "whole\nhal\nnext\nmore\n");
}

TEST_CASE("lines that several append at once stay whole, with no empty ones between them") {
  const malet::test::TempFolder folder;
  const auto file = folder.path() / "lines";
  constexpr int writers = 4;
  constexpr int lines_each = 200;
  std::atomic<int> failed = 0;
  std::vector<std::thread> threads;
  for (int writer = 0; writer < writers; ++writer) {
    threads.emplace_back([&, writer] {
      const std::string line = std::string(20'000, static_cast<char>('a' + writer)) + "\n";
      for (int i = 0; i < lines_each; ++i) {
        if (!malet::base::append_to_file(file, line)) ++failed;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(failed == 0);
  std::istringstream text(folder.read("lines"));
  std::size_t odd = 0;
  std::size_t count = 0;
  for (std::string line; std::getline(text, line); ++count) {
    if (line.size() != 20'000 || line.find_first_not_of(line[0]) != std::string::npos) ++odd;
  }
  CHECK(odd == 0);
  CHECK(count == writers * lines_each);
}

TEST_CASE("a file is not replaced when the last check says no") {
  const malet::test::TempFolder folder;
  folder.write("file", "old");
  AtomicFile file(folder.path() / "file");
  file.write("new");
  CHECK_THROWS_AS(file.commit([] { throw Error(malet::ErrorKind::refused, "no"); }), Error);
  CHECK(folder.read("file") == "old");
}

TEST_CASE("a file that a library writes takes its place as a whole") {
  const malet::test::TempFolder folder;
  const auto path = folder.write("a", "old");
  {
    AtomicPath beside(path);
    std::ofstream(beside.temporary()) << "new";
    CHECK(folder.read("a") == "old");
    beside.commit();
    CHECK(folder.read("a") == "new");
  }
  {
    AtomicPath beside(path);
    std::ofstream(beside.temporary()) << "newer";
    CHECK_THROWS_AS(beside.commit([] { throw Error(malet::ErrorKind::refused, "no"); }), Error);
  }
  CHECK(folder.read("a") == "new");
  AtomicPath never_written(path);
  CHECK_THROWS_WITH(never_written.commit(), ContainsSubstring("cannot be opened"));
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("temporary files of a folder are removed, and no others") {
  const malet::test::TempFolder folder;
  for (const char* name : {"d/a.h5.tmp.12", "d/b.tmp.3", "d/a.h5", "d/a.tmp.x", "d/.tmp."}) {
    folder.write(name, "x");
  }
  malet::base::remove_temporaries_in(folder.path() / "d");
  malet::base::remove_temporaries_in(folder.path() / "not there");
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path() / "d"), {}) == 3);
}
