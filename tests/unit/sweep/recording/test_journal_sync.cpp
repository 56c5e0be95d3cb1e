#include <thread>

#include "catch.hpp"
#include "sweep/recording/journal_sync.hpp"
#include "temp_folder.hpp"

using namespace malet;
using namespace malet::sweep;
using malet::record::Journal;
using malet::test::TempFolder;
using Clock = JournalSync::Clock;

namespace {

/// What is on disk once the sync in work, if any, has ended.
Clock::time_point settled(const JournalSync& sync, Clock::time_point before) {
  while (sync.on_disk_until() == before) std::this_thread::yield();
  return sync.on_disk_until();
}

}  // namespace

TEST_CASE("what was written before a sync began is on disk when it has ended") {
  const TempFolder folder;
  Journal journal(folder.path() / "j", "head\n");
  JournalSync sync(Sync::timer);
  const auto everything = Clock::time_point::max();
  CHECK(sync.on_disk_until() == everything);
  sync.add(journal, true);
  const auto none = sync.on_disk_until();
  CHECK(none == Clock::time_point());
  const auto due = Clock::now();
  sync.turn(due);
  CHECK(settled(sync, none) == everything);
  sync.add(journal, false);
  CHECK(sync.on_disk_until() == due);
  CHECK(sync.error().empty());
}

TEST_CASE("what need not reach the disk counts as being there") {
  const TempFolder folder;
  Journal journal(folder.path() / "j", "head\n");
  for (const Sync mode : {Sync::never, Sync::always}) {
    JournalSync sync(mode);
    sync.add(journal, true);
    CHECK(sync.on_disk_until() == Clock::time_point::max());
  }
}
