#include <atomic>
#include <csignal>

#include "base/files/helper_thread.hpp"
#include "catch.hpp"

using malet::base::HelperThread;

TEST_CASE("a thread does its tasks one at a time, and they are seen when it is done") {
  HelperThread thread;
  CHECK_FALSE(thread.is_busy());
  int done = 0;
  for (int i = 0; i < 100; ++i) {
    thread.start([&done] { ++done; });
    thread.wait();
    CHECK_FALSE(thread.is_busy());
  }
  CHECK(done == 100);
}

TEST_CASE("the task in work is waited for at the end") {
  std::atomic<bool> done = false;
  {
    HelperThread thread;
    thread.start([&done] { done = true; });
  }
  CHECK(done);
}

TEST_CASE("signals do not go to the thread") {
  HelperThread thread;
  bool blocked = false;
  thread.start([&blocked] {
    sigset_t mask;
    ::pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    blocked = ::sigismember(&mask, SIGTERM) == 1 && ::sigismember(&mask, SIGUSR1) == 1;
  });
  thread.wait();
  CHECK(blocked);
  sigset_t mine;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &mine);
  CHECK(::sigismember(&mine, SIGTERM) == 0);
}

TEST_CASE("a thread that is moved goes on") {
  HelperThread thread;
  thread.start([] {});
  HelperThread other(std::move(thread));
  other.wait();
  int done = 0;
  other.start([&done] { done = 1; });
  other.wait();
  CHECK(done == 1);
}
