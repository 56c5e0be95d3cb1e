#include <algorithm>

#include "catch.hpp"
#include "sweep/schedule/run_gate.hpp"

using malet::sweep::RunGate;
using Seconds = RunGate::Seconds;

namespace {

std::vector<Seconds> times(std::initializer_list<double> seconds) {
  std::vector<Seconds> result;
  for (const double each : seconds) result.emplace_back(each);
  return result;
}

/// How long runs take, as far as these durations and ages tell.
double estimate(std::initializer_list<double> durations, std::initializer_list<double> ages) {
  RunGate gate(Seconds(100));
  for (const Seconds duration : times(durations)) gate.add(duration);
  gate.look(Seconds(50), times(ages));
  return gate.estimate().count();
}

}  // namespace

TEST_CASE("as long as no run has ended the gate is open") {
  RunGate gate(Seconds(60));
  CHECK_FALSE(gate.is_due(Seconds(0.1)));
  CHECK(gate.is_open(Seconds(0.1)));
  gate.look(Seconds(0.1), times({59}));
  CHECK(gate.is_open(Seconds(0.1)));
}

TEST_CASE("a run starts while at least half of the runs fit into what is left") {
  RunGate gate(Seconds(60));
  for (int i = 1; i <= 10; ++i) gate.add(Seconds(11 - i));
  gate.look(Seconds(20), {});
  CHECK(gate.estimate() == Seconds(5));
  CHECK(gate.is_open(Seconds(5.1)));
  CHECK_FALSE(gate.is_open(Seconds(4.9)));
}

TEST_CASE("runs that overrun the estimate move it up") {
  CHECK(estimate({1, 2, 3, 4}, {}) == 2);
  CHECK(estimate({1, 2, 3, 4}, {5, 5}) == 3);
  CHECK(estimate({1, 2, 3, 4}, {5, 6, 7, 8}) == 4);
  // More of them last longer than all that have ended: no end of theirs is known.
  CHECK(estimate({1, 2, 3, 4}, {5, 6, 7, 8, 9}) == 9);
  CHECK(estimate({1}, {30, 30, 30}) == 30);
}

TEST_CASE("a run in progress stands for those that took longer than its age") {
  CHECK(estimate({1, 10}, {}) == 1);
  CHECK(estimate({1, 10}, {2, 2, 2}) == 10);
}

TEST_CASE("runs that have just begun tell nothing") {
  CHECK(estimate({2, 3, 4}, {0.1, 0.1, 0.1, 0.1, 0.1}) == 3);
  // One that is as old as others were when they ended may end now.
  CHECK(estimate({2, 2}, {2, 2}) == 2);
}

TEST_CASE("what does not fit into a whole job is started anyway") {
  RunGate gate(Seconds(60));
  gate.add(Seconds(90));
  gate.look(Seconds(59), {});
  CHECK(gate.is_hopeless());
  CHECK(gate.is_open(Seconds(59)));
  CHECK(gate.is_open(Seconds(1)));
  // Unless others show that runs do fit.
  for (const double duration : {50.0, 51.0}) gate.add(Seconds(duration));
  gate.look(Seconds(40), {});
  CHECK_FALSE(gate.is_hopeless());
  CHECK_FALSE(gate.is_open(Seconds(40)));
}

TEST_CASE("an estimate is good for a while") {
  RunGate gate(Seconds(60));
  gate.add(Seconds(50));
  REQUIRE(gate.is_due(Seconds(40)));
  gate.look(Seconds(40), {});
  CHECK_FALSE(gate.is_due(Seconds(39.96)));
  CHECK(gate.is_due(Seconds(39.94)));
  gate.look(Seconds(1), {});
  CHECK_FALSE(gate.is_due(Seconds(0.995)));
  CHECK(gate.is_due(Seconds(0.98)));
}

TEST_CASE("nobody looks as long as nothing hangs on it") {
  RunGate gate(Seconds(100));
  gate.add(Seconds(5));
  CHECK_FALSE(gate.is_due(Seconds(90)));
  CHECK_FALSE(gate.is_due(Seconds(50)));
  // What is in progress may have taken 60 s so far.
  CHECK(gate.is_due(Seconds(40)));
  gate.add(Seconds(95));
  CHECK(gate.is_due(Seconds(90)));
}

TEST_CASE("of many runs the latest ones count") {
  RunGate gate(Seconds(100));
  for (int i = 0; i < 1500; ++i) gate.add(Seconds(1));
  for (int i = 0; i < 1024; ++i) gate.add(Seconds(3));
  gate.look(Seconds(50), {});
  CHECK(gate.estimate() == Seconds(3));
}

TEST_CASE("people are told why nothing is started, and why something is") {
  RunGate gate(Seconds(60));
  gate.add(Seconds(50));
  gate.look(Seconds(35), {});
  CHECK(gate.closing_text(Seconds(35)) ==
        "35 s are left and runs take about 50 s: nothing more is started (--gate off starts them "
        "anyway)");
  CHECK_THAT(gate.closing_text(Seconds(0.04)), ContainsSubstring("0.04 s are left"));
  CHECK_THAT(gate.closing_text(Seconds(1800)), ContainsSubstring("30 min are left"));
  gate.add(Seconds(11'000));
  gate.add(Seconds(11'000));
  gate.look(Seconds(30), {});
  CHECK_THAT(gate.hopeless_text(),
             ContainsSubstring("runs take about 3.06 h and a job like this lasts 60 s"));
}
