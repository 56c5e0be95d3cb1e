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

TEST_CASE("a slot is ready only when its process is up, and says so once") {
  Bench bench;
  CHECK(bench.turn());
  CHECK(bench.runner.starts == 1);
  CHECK(bench.channel.sent.empty());
  bench.turn();
  CHECK(bench.runner.starts == 1);
  bench.runner.state = State::idle;
  bench.turn();
  bench.turn();
  CHECK(bench.channel.kinds() == std::vector<Kind>{Kind::ready});
}

TEST_CASE("a run is ordered with its config, its folder and what earlier attempts left") {
  Bench bench;
  bench.slot().take_message(encode(ResumeMessage{7, 2, {{"loss", 1}}, {{"status", "F"}}}));
  bench.begin({{7, 1, 1}});
  REQUIRE(bench.runner.orders.size() == 1);
  const auto& order = bench.runner.orders[0];
  CHECK(order.config.get<int>("a") == 7);
  CHECK(order.run_id == order.config.run_id());
  CHECK(order.dir ==
        (bench.folder.path() / "runs" / order.run_id.substr(0, 2) / order.run_id).string());
  CHECK(order.attempt == 3);
  CHECK(order.resume.size() == 1);
  CHECK(order.info.size() == 1);
}

TEST_CASE("configs behind an overlong run are given back where that is wanted") {
  const bool gives_back = GENERATE(true, false);
  SlotSettings settings;
  settings.gives_back = gives_back;
  Bench bench(settings);
  bench.begin({{0, 5, 1}});
  bench.pass(milliseconds(40));
  bench.turn();
  CHECK(bench.channel.of(Kind::returned).empty());
  bench.pass(milliseconds(20));
  bench.turn();
  REQUIRE(bench.channel.of(Kind::returned).size() == (gives_back ? 1 : 0));
  if (!gives_back) return;
  CHECK(decode_ranges(bench.channel.of(Kind::returned)[0]) == std::vector<IndexRange>{{1, 4, 1}});
  bench.end_run(How::done);
  CHECK(bench.runner.orders.size() == 1);
}

TEST_CASE("ends of runs are sent before what is given back, which rank 0 counts in order") {
  SlotSettings settings;
  settings.gives_back = true;
  Bench bench(settings);
  bench.begin({{0, 3, 1}});
  bench.end_run(How::done);
  CHECK(bench.channel.ends().empty());
  bench.pass(milliseconds(60));
  bench.turn();
  CHECK(bench.channel.kinds() == std::vector<Kind>{Kind::ready, Kind::batch, Kind::returned});
}

TEST_CASE("a stop asks the run to return, then the slot says that nothing runs") {
  const auto [cause, reason] = GENERATE(std::pair(StopCause::deadline, "deadline"),
                                        std::pair(StopCause::cancelled, "cancelled"));
  Bench bench;
  bench.begin({{0, 2, 1}});
  bench.slot().take_message(encode(StopMessage{cause, seconds(20)}));
  CHECK(bench.channel.of(Kind::returned).size() == 1);
  bench.turn();
  CHECK(bench.runner.stops == std::vector<std::string>{reason});
  CHECK(bench.channel.of(Kind::stopped).empty());
  bench.end_run(How::killed, State::down, 15);
  CHECK(bench.last_end().end == RunEnd::interrupted);
  CHECK(reason_of(bench.last_end()) == reason);
  CHECK(bench.channel.kinds().back() == Kind::stopped);
  bench.turn();
  CHECK(bench.channel.of(Kind::stopped).size() == 1);
  CHECK(bench.runner.starts == 1);
}

TEST_CASE("a run that does not return within the grace is killed") {
  Bench bench;
  bench.begin();
  bench.slot().stop(StopCause::cancelled, bench.now, seconds(5));
  bench.turn();
  CHECK(bench.slot().next_turn() == bench.now + seconds(5));
  bench.pass(seconds(5));
  bench.turn();
  CHECK(bench.runner.kills == 1);
}

TEST_CASE("a stop before anything runs is answered at once") {
  Bench bench;
  bench.slot().take_message(encode(StopMessage{}));
  bench.turn();
  CHECK(bench.channel.kinds() == std::vector<Kind>{Kind::stopped});
  CHECK(bench.runner.starts == 0);
}

TEST_CASE("a drain lets the run in progress end and gives the rest back") {
  Bench bench;
  bench.begin({{0, 3, 1}});
  bench.slot().take_message(encode(Kind::drain));
  CHECK(bench.channel.of(Kind::returned).size() == 1);
  bench.turn();
  CHECK(bench.runner.stops.empty());
  bench.end_run(How::done);
  CHECK(bench.last_end().end == RunEnd::complete);
}

TEST_CASE("a run over its time limit is asked, and has failed for that") {
  Bench bench;
  bench.begin();
  bench.slot().take_message(encode_limit(milliseconds(1500)));
  bench.pass(milliseconds(1600));
  bench.turn();
  CHECK(bench.runner.stops == std::vector<std::string>{"timeout"});
  bench.end_run(How::killed, State::down, 15);
  CHECK(bench.last_end().end == RunEnd::failed);
  CHECK(reason_of(bench.last_end()) == "timeout");
  CHECK(bench.last_end().error == "ran longer than 1.5 s (--run-timeout)");
}

TEST_CASE("a run that holds too much memory is killed") {
  SlotSettings settings;
  settings.limits.memory = 1000;
  Bench bench(settings);
  bench.runner.group = ::getpid();
  bench.begin();
  bench.turn();
  CHECK(bench.runner.kills == 1);
  bench.runner.group = 0;
  bench.end_run(How::killed, State::down, 9);
  CHECK(reason_of(bench.last_end()) == "oom");
}

TEST_CASE("a slot that is dismissed kills its run and lets an idle process leave") {
  Bench bench;
  SECTION("busy") {
    bench.begin();
    bench.slot().dismiss();
    CHECK(bench.runner.kills == 1);
    // A runner of commands is idle afterwards; it must not wait for more.
    bench.end_run(How::killed, State::idle, 9);
    CHECK(bench.runner.ends == 1);
  }
  SECTION("idle") {
    bench.turn();
    bench.runner.state = State::idle;
    bench.turn();
    bench.slot().dismiss();
    CHECK(bench.runner.ends == 1);
    CHECK(bench.runner.kills == 0);
  }
}

TEST_CASE("after leave nothing is started") {
  Bench bench;
  bench.turn();
  bench.runner.state = State::idle;
  bench.assign({{0, 3, 1}});
  bench.slot().take_message(encode_leave(ExitCode::stopped));
  bench.turn();
  CHECK(bench.slot().leave() == ExitCode::stopped);
  CHECK(bench.runner.orders.empty());
}

TEST_CASE("messages that are not for slots are an error") {
  Bench bench;
  CHECK_THROWS_AS(bench.slot().take_message(encode(Kind::ready)), Error);
}
