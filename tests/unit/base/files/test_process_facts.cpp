#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "base/files/process_facts.hpp"
#include "catch.hpp"

using namespace malet::base;

namespace {

const std::string fields =
    " 31093 31093 16833 0 -1 4194304 99 0 0 0 0 0 0 0 20 0 7 0 3727805 3133440 409\n";

}  // namespace

TEST_CASE("the state of a process is read past a name that looks like one") {
  const auto stat = parse_process_stat("12 (a) Z (b c) R" + fields);
  REQUIRE(stat.has_value());
  CHECK(*stat == ProcessStat{'R', 7, 3727805});
}

TEST_CASE("what is no state of a process is none") {
  CHECK_FALSE(parse_process_stat(""));
  CHECK_FALSE(parse_process_stat("12 (a) "));
  CHECK_FALSE(parse_process_stat("12 (a) R 1 2 3"));
  CHECK_FALSE(parse_process_stat("12 (a) R 31093 1 1 0 -1 0 9 0 0 0 0 0 0 0 20 0 7 0 x3 0"));
}

TEST_CASE("a process is known by pid and start time") {
  const auto start = process_start_time(::getpid());
  CHECK(start > 0);
  CHECK(process_life(::getpid(), start) == ProcessLife::running);
  CHECK(process_life(::getpid(), start + 1) == ProcessLife::gone);
  CHECK(process_life(::getpid(), 0) == ProcessLife::unknown);
  CHECK(process_life(0, 0) == ProcessLife::gone);
  CHECK(process_life(-1, 0) == ProcessLife::gone);
}

TEST_CASE("a process that has ended is gone, collected or not") {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  siginfo_t about{};
  REQUIRE(::waitid(P_PID, static_cast<id_t>(child), &about, WEXITED | WNOWAIT) == 0);
  const auto start = process_start_time(child);
  REQUIRE(start > 0);
  CHECK(process_life(child, start) == ProcessLife::gone);
  ::waitpid(child, nullptr, 0);
  CHECK(process_life(child, start) == ProcessLife::gone);
  CHECK(process_start_time(child) == 0);
}

TEST_CASE("the process space names this start of the machine and what processes are seen") {
  const std::string space = process_space();
  CHECK_THAT(space, ContainsSubstring(" pid:["));
  CHECK(space.find('\n') == std::string::npos);
  CHECK(space == process_space());
}
