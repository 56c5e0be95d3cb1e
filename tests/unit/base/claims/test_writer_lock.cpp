#include <csignal>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "base/claims/writer_lock.hpp"
#include "base/files/paths.hpp"
#include "base/files/process_facts.hpp"
#include "catch.hpp"
#include "malet/error.hpp"
#include "process_help.hpp"
#include "temp_folder.hpp"
#include "writer_help.hpp"

using namespace malet::base;
using malet::test::age;
using malet::test::eventually;
using malet::test::make_old;
using malet::test::TempFolder;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds often(5);

std::set<std::string> threads() {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task")) {
    names.insert(entry.path().filename().string());
  }
  return names;
}

/// The threads that have come since, when they have nothing more to do before their next touch.
std::set<std::string> resting_threads(const std::set<std::string>& before) {
  std::set<std::string> added;
  for (const std::string& thread : threads()) {
    if (before.contains(thread)) continue;
    CHECK(eventually([&] {
      std::ifstream file("/proc/self/task/" + thread + "/stat");
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      const auto stat = parse_process_stat(text);
      return stat && stat->state == 'S';
    }));
    added.insert(thread);
  }
  return added;
}

/// The signals that a thread of ours blocks, one bit each.
unsigned long long blocked_by(const std::string& thread) {
  std::ifstream status("/proc/self/task/" + thread + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("SigBlk:")) return std::stoull(line.substr(7), nullptr, 16);
  }
  return 0;
}

bool has_signal(unsigned long long signals, int signal) {
  return (signals >> static_cast<unsigned>(signal - 1) & 1U) != 0;
}

}  // namespace

TEST_CASE("a lock is LOG.writer, with what its holder said of itself") {
  const TempFolder folder;
  const auto log = paths::split_log(folder.path(), "0");
  {
    const WriterLock lock(log, {WriterMode::split, "4"});
    CHECK(lock.path() == log.string() + ".writer");
    CHECK(lock.still_ours());
    CHECK(lock.warning().empty());
    const auto holder = holder_of(lock.path());
    REQUIRE((holder && holder->writer));
    CHECK(holder->alive);
    CHECK(*holder->writer == lock.writer());
    CHECK(holder->writer->role == WriterRole{WriterMode::split, "4"});
    CHECK_THROWS_WITH(WriterLock(log, {}), ContainsSubstring("has been writing this log"));
  }
  CHECK(folder.files("log_splits").empty());
}

TEST_CASE("a lock touches its file again and again") {
  const TempFolder folder;
  const WriterLock lock(paths::log(folder.path()), {}, often);
  for (int i = 0; i < 3; ++i) {
    make_old(lock.path(), 1000);
    CHECK(eventually([&] { return age(lock.path()) < 500; }));
  }
}

TEST_CASE("a lock does not touch the file that took its place") {
  const TempFolder folder;
  const WriterLock lock(paths::log(folder.path()), {}, often);
  const auto aside = folder.path() / "aside";
  std::filesystem::rename(lock.path(), aside);
  malet::test::put_writer(lock.path(), malet::test::distant_writer());
  make_old(lock.path(), 1000);
  for (int i = 0; i < 3; ++i) {
    make_old(aside, 1000);
    REQUIRE(eventually([&] { return age(aside) < 500; }));
  }
  CHECK(age(lock.path()) > 500);
}

TEST_CASE("a lock ends at once, long before its next touch") {
  const TempFolder folder;
  const auto before = threads();
  {
    const WriterLock lock(paths::log(folder.path()), {}, std::chrono::hours(1));
    CHECK(resting_threads(before).size() == 1);
  }
  CHECK(folder.files().empty());
}

TEST_CASE("the thread of a lock leaves signals to the program") {
  const TempFolder folder;
  const auto before = threads();
  const auto main_thread = std::to_string(::getpid());
  const auto main_blocked = blocked_by(main_thread);
  const WriterLock lock(paths::log(folder.path()), {});
  CHECK(blocked_by(main_thread) == main_blocked);
  const auto added = resting_threads(before);
  CHECK(added.size() == 1);
  for (const std::string& thread : added) {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU, SIGCHLD}) {
      CHECK(has_signal(blocked_by(thread), signal));
    }
  }
}
