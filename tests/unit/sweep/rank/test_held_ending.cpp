#include <csignal>

#include "catch.hpp"
#include "sweep/rank/held_ending.hpp"

using namespace malet;
using malet::sweep::HeldEnding;
using How = exec::RunEnding::How;
using std::chrono::milliseconds;

namespace {

exec::RunEnding ending(How how, int code = 0, bool stopped = false) {
  exec::RunEnding made;
  made.how = how;
  made.code = code;
  made.stopped = stopped;
  return made;
}

}  // namespace

TEST_CASE("an ending by a signal that ends jobs is held until the job is told") {
  const auto now = HeldEnding::Clock::now();
  for (const auto& held : {ending(How::killed, SIGTERM), ending(How::killed, SIGINT),
                           ending(How::killed, SIGHUP), ending(How::exited, 128 + SIGTERM),
                           ending(How::done, 0, true), ending(How::failed, 0, true)}) {
    HeldEnding holder;
    auto given = held;
    REQUIRE(holder.hold(given, now));
    REQUIRE(holder.until());
    CHECK_FALSE(holder.release(false, now + milliseconds(10)));
    const auto back = holder.release(true, now + milliseconds(10));
    REQUIRE(back);
    CHECK(back->how == held.how);
    CHECK(back->code == held.code);
    CHECK_FALSE(holder.release(true, now + milliseconds(20)));
    CHECK_FALSE(holder.until());
  }
}

TEST_CASE("nobody tells the job: the ending is given back in the end") {
  const auto now = HeldEnding::Clock::now();
  HeldEnding holder;
  auto given = ending(How::killed, SIGTERM);
  REQUIRE(holder.hold(given, now));
  CHECK(holder.release(false, *holder.until()));
}

TEST_CASE("other endings are not held") {
  const auto now = HeldEnding::Clock::now();
  for (auto given : {ending(How::done), ending(How::failed), ending(How::killed, SIGSEGV),
                     ending(How::killed, SIGKILL), ending(How::exited, 1),
                     ending(How::exited, SIGTERM), ending(How::garbled), ending(How::unable)}) {
    HeldEnding holder;
    CHECK_FALSE(holder.hold(given, now));
    CHECK_FALSE(holder.until());
  }
}
