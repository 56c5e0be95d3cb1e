#include "slot_bench.hpp"

using namespace malet;
using namespace malet::sweep;
using How = exec::RunEnding::How;
using State = exec::Runner::State;
using Kind = MessageKind;
using Bench = test::SlotBench;
using std::chrono::milliseconds;
using std::chrono::seconds;
using test::reason_of;

TEST_CASE("steps and the end of a run are reported in order") {
  Bench bench;
  bench.begin({{4, 1, 1}});
  bench.runner.reports.push_back({{{"loss", 0.5}}, {}, true});
  bench.runner.reports.push_back({{{"loss", 0.25}}, {{"best", 1}}, true});
  CHECK(bench.turn());
  bench.runner.finish({{"acc", 0.9}});
  bench.runner.ending->cpu_seconds = 1.5;
  bench.runner.ending->keep = true;
  CHECK(bench.turn());
  const auto steps = bench.channel.steps();
  REQUIRE(steps.size() == 3);
  CHECK(steps[0].keeps_series);
  CHECK_FALSE(steps[0].replaces);
  CHECK(steps[1].replaces);
  CHECK(steps[1].metrics.find("best") != nullptr);
  CHECK_FALSE(steps[2].replaces);
  const RunRecord end = bench.last_end();
  CHECK(end.index == 4);
  CHECK(end.end == RunEnd::complete);
  CHECK(end.keeps_series);
  CHECK(end.metrics.find("acc")->real() == 0.9);
  CHECK(reason_of(end) == "ok");
  CHECK(end.attempt->number == 1);
  CHECK(end.attempt->pid == 4711);
  CHECK(end.attempt->cpu_seconds == 1.5);
}

TEST_CASE("the attempt of a failed run has its code, its signal and the end of its stderr") {
  Bench bench;
  bench.begin({{0, 3, 1}});
  bench.output.write("stderr", "first\nlast words\n");
  bench.end_run(How::exited, State::idle, 3);
  bench.output.write("stderr", std::string(5000, 'x') + "\nSegfault in f\n");
  bench.end_run(How::killed, State::idle, 11);
  bench.end_run(How::failed);
  const auto ends = bench.channel.ends();
  REQUIRE(ends.size() == 3);
  CHECK(ends[0].error == "left with exit code 3: last words");
  CHECK(ends[0].attempt->exit_code == 3);
  CHECK_FALSE(ends[0].attempt->signal);
  CHECK(ends[0].attempt->error_output == "first\nlast words\n");
  CHECK(ends[1].attempt->signal == 11);
  CHECK_FALSE(ends[1].attempt->exit_code);
  CHECK(ends[1].attempt->error_output.size() == 2048);
  CHECK(reason_of(ends[2]) == "error");
  CHECK(ends[2].attempt->error_output.empty());
}

TEST_CASE("five deaths in a row before the process is up retire the slot") {
  Bench bench;
  bench.assign({{10, 5, 1}});
  for (int death = 1; death <= 5; ++death) {
    CHECK(bench.channel.sent.empty());
    bench.die();
  }
  CHECK(bench.channel.kinds() == std::vector<Kind>{Kind::returned, Kind::retired});
  CHECK(decode_ranges(bench.channel.sent[0].message) == std::vector<IndexRange>{{10, 5, 1}});
  CHECK_THAT(decode_retired(bench.channel.sent[1].message), ContainsSubstring("exit code 1"));
  bench.pass(seconds(100));
  CHECK_FALSE(bench.turn());
  CHECK(bench.runner.starts == 5);
  // Rank 0 may have assigned more before it knew.
  bench.assign({{20, 1, 1}});
  CHECK(decode_ranges(bench.channel.of(Kind::returned).back()) ==
        std::vector<IndexRange>{{20, 1, 1}});
}

TEST_CASE("a process that died is started again after a pause") {
  Bench bench;
  bench.turn();
  bench.runner.end_run(How::exited, State::down, 1);
  bench.turn();
  CHECK_FALSE(bench.turn());
  CHECK(bench.runner.starts == 1);
  REQUIRE(bench.slot().next_turn());
  CHECK(*bench.slot().next_turn() > bench.now);
  bench.now = *bench.slot().next_turn();
  CHECK(bench.turn());
  CHECK(bench.runner.starts == 2);
  CHECK_FALSE(bench.slot().next_turn());
}

TEST_CASE("deaths in runs never retire a slot") {
  Bench bench;
  bench.begin({{0, 10, 1}});
  for (int i = 0; i < 9; ++i) {
    bench.end_run(How::killed, State::down, 11);
    bench.turn();
    bench.runner.state = State::idle;
    bench.turn();
  }
  CHECK(bench.channel.of(Kind::retired).empty());
  CHECK(bench.runner.orders.size() == 10);
}

TEST_CASE("a run in between clears earlier deaths") {
  Bench bench;
  bench.assign({{0, 50, 1}});
  for (int round = 0; round < 3; ++round) {
    for (int death = 0; death < 4; ++death) bench.die();
    bench.turn();
    bench.runner.state = State::idle;
    bench.turn();
    bench.end_run(How::done, State::down);
    bench.pass(seconds(2));
  }
  CHECK(bench.channel.of(Kind::retired).empty());
}

TEST_CASE("a program that cannot be started speaks against the slot, unless it has many names") {
  const bool counts = GENERATE(true, false);
  SlotSettings settings;
  settings.counts_unable = counts;
  Bench bench(settings);
  bench.begin({{0, 9, 1}});
  for (int i = 0; i < 5; ++i) {
    bench.runner.end_run(How::unable);
    bench.runner.ending->error = "cannot be started: x: Permission denied";
    bench.turn();
  }
  CHECK(bench.channel.of(Kind::retired).size() == (counts ? 1 : 0));
  CHECK(bench.channel.of(Kind::returned).size() == (counts ? 1 : 0));
  bench.pass(milliseconds(60));
  bench.turn();
  REQUIRE_FALSE(bench.channel.ends().empty());
  CHECK(bench.channel.ends()[0].error == "cannot be started: x: Permission denied");
}

TEST_CASE("a program that could not be started once leaves no alarm that never ends") {
  // Its runner is idle at once, so nothing would ever take the alarm away: the rank would spin.
  Bench bench;
  bench.begin();
  bench.end_run(How::unable);
  CHECK_FALSE(bench.slot().next_turn());
}

TEST_CASE("a run that the job's signal reached before its rank is interrupted, not failed") {
  Bench bench;
  bench.begin({{0, 2, 1}});
  bench.end_run(How::killed, State::down, 15);
  CHECK(bench.channel.ends().empty());
  bench.turn();
  CHECK(bench.runner.starts == 1);
  bench.pass(milliseconds(3));
  bench.slot().stop(StopCause::cancelled, bench.now, seconds(5));
  bench.turn();
  CHECK(bench.last_end().end == RunEnd::interrupted);
  CHECK(reason_of(bench.last_end()) == "cancelled");
  CHECK(bench.channel.of(Kind::stopped).size() == 1);
}

TEST_CASE("a run that somebody ended by a signal has failed, when the job goes on") {
  Bench bench;
  bench.begin({{0, 2, 1}});
  bench.end_run(How::killed, State::down, 15);
  REQUIRE(bench.slot().next_turn());
  bench.now = *bench.slot().next_turn();
  bench.turn();
  bench.turn();
  CHECK(bench.runner.starts == 2);
  bench.slot().stop(StopCause::cancelled, bench.now, seconds(5));
  bench.turn();
  CHECK(bench.last_end().end == RunEnd::failed);
  CHECK(reason_of(bench.last_end()) == "signal");
}

TEST_CASE("a process is replaced after so many runs") {
  SlotSettings settings;
  settings.runs_per_host = 2;
  Bench bench(settings);
  bench.begin({{0, 5, 1}});
  bench.end_run(How::done);
  CHECK(bench.runner.ends == 0);
  bench.end_run(How::failed);
  CHECK(bench.runner.ends == 1);
  CHECK(bench.runner.orders.size() == 2);
  bench.end_run(How::exited, State::down);  // its process has left
  CHECK(bench.runner.starts == 2);
  bench.pass(milliseconds(60));
  bench.turn();
  CHECK(bench.channel.ends().size() == 2);
}

TEST_CASE("the output of a run is kept as it was asked for") {
  using Kept = std::vector<bool>;  // of a complete run, of a failed one
  const auto [keep, expected] = GENERATE(std::pair(KeepOutput::failed, Kept{false, true}),
                                         std::pair(KeepOutput::all, Kept{true, true}),
                                         std::pair(KeepOutput::none, Kept{false, false}));
  SlotSettings settings;
  settings.keep_output = keep;
  Bench bench(settings);
  bench.begin({{0, 3, 1}});
  bench.output.write("stdout", "of the first\n");
  bench.end_run(How::done);
  bench.output.write("stderr", "of the second\n");
  bench.end_run(How::failed);
  bench.end_run(How::failed);
  const auto& orders = bench.runner.orders;
  CHECK(std::filesystem::exists(orders[0].dir + "/stdout") == expected[0]);
  CHECK(std::filesystem::exists(orders[1].dir + "/stderr") == expected[1]);
  // What stays empty is left out, the folder with it.
  CHECK_FALSE(std::filesystem::exists(orders[1].dir + "/stdout"));
  CHECK_FALSE(std::filesystem::exists(orders[2].dir));
}

TEST_CASE("a run that lacks a required metric has failed") {
  SlotSettings settings;
  settings.required = {"acc", "loss"};
  Bench bench(settings);
  bench.begin({{0, 3, 1}});
  bench.runner.reports.push_back({{{"loss", 1}}, {}, false});
  bench.runner.finish({{"acc", 1}});
  bench.turn();
  bench.runner.reports.push_back({{}, {{"acc", 1}}, false});
  bench.end_run(How::done);
  bench.end_run(How::exited, State::idle, 2);
  const auto ends = bench.channel.ends();
  REQUIRE(ends.size() == 3);
  CHECK(ends[0].end == RunEnd::complete);
  CHECK(ends[1].end == RunEnd::failed);
  CHECK(ends[1].error == "reported no 'loss', which --metrics asks for");
  CHECK(reason_of(ends[1]) == "error");
  CHECK(reason_of(ends[2]) == "exit");
}

TEST_CASE("a run that was over its memory in between has failed, and its process goes") {
  SlotSettings settings;
  settings.limits.memory = 1000;
  Bench bench(settings);
  bench.begin({{0, 3, 1}});
  bench.runner.finish();
  bench.runner.ending->peak_memory = 1001;
  bench.turn();
  CHECK(bench.runner.ends == 1);
  bench.end_run(How::exited, State::down);
  bench.runner.state = State::idle;
  bench.turn();
  bench.runner.finish();
  bench.runner.ending->peak_memory = 1000;
  bench.turn();
  bench.pass(milliseconds(60));
  bench.turn();
  const auto ends = bench.channel.ends();
  REQUIRE(ends.size() == 2);
  CHECK(reason_of(ends[0]) == "oom");
  CHECK(ends[0].error == "used more than 1000 B (--run-memory)");
  CHECK(ends[0].attempt->peak_memory == 1001);
  CHECK(reason_of(ends[1]) == "ok");
}
