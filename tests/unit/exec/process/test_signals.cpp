#include <csignal>

#include "catch.hpp"
#include "exec/process/signals.hpp"

using malet::exec::SignalWatch;

TEST_CASE("a watch notes signals instead of dying of them") {
  const SignalWatch watch;
  CHECK_FALSE(SignalWatch::first());
  std::raise(SIGUSR1);
  std::raise(SIGTERM);
  CHECK(SignalWatch::first() == SIGUSR1);
  CHECK(SignalWatch::count() == 2);
}

TEST_CASE("a watch inside another one neither forgets signals nor lets them kill afterwards") {
  const SignalWatch outer;
  std::raise(SIGUSR1);
  {
    const SignalWatch inner;
    CHECK(SignalWatch::first() == SIGUSR1);
    std::raise(SIGTERM);
  }
  std::raise(SIGUSR2);
  CHECK(SignalWatch::first() == SIGUSR1);
  CHECK(SignalWatch::count() == 3);
}

TEST_CASE("after a watch the handlers are as before, and a new one starts anew") {
  std::signal(SIGHUP, SIG_IGN);
  {
    const SignalWatch watch;
    std::raise(SIGHUP);
    CHECK(SignalWatch::count() == 1);
  }
  std::raise(SIGHUP);  // ignored again
  const SignalWatch watch;
  CHECK_FALSE(SignalWatch::first());
}
