#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "fakes.hpp"
#include "sweep/rank/slot.hpp"
#include "temp_folder.hpp"

namespace malet::test {

/// A slot between a fake channel and a fake runner, with a clock that the test moves.
class SlotBench {
 public:
  explicit SlotBench(sweep::SlotSettings settings = {})
      : slot_(std::make_unique<FakeChannel>(channel),
              ConfigIter::from_text("grid: {a: [i;0:1:100]}"), with_folder(std::move(settings)),
              std::make_unique<exec::SlotOutput>(output.path()),
              std::make_unique<FakeRunner>(runner)) {}

  sweep::Slot& slot() { return slot_; }
  bool turn() { return slot_.turn(now); }
  void pass(std::chrono::milliseconds span) { now += span; }
  void assign(const std::vector<sweep::IndexRange>& ranges) {
    slot_.take_message(sweep::encode_ranges(sweep::MessageKind::assign, ranges));
  }
  /// Brings the process up and has the first of these begin.
  void begin(const std::vector<sweep::IndexRange>& ranges = {{0, 1, 1}}) {
    turn();
    runner.state = exec::Runner::State::idle;
    assign(ranges);
    turn();
    REQUIRE(runner.state == exec::Runner::State::busy);
  }
  /// The run in progress ends, and the slot goes on.
  void end_run(exec::RunEnding::How how, exec::Runner::State next = exec::Runner::State::idle,
               int code = 0) {
    runner.end_run(how, next, code);
    turn();
  }
  /// The process ends before it was up.
  void die() {
    turn();
    runner.end_run(exec::RunEnding::How::exited, exec::Runner::State::down, 1);
    turn();
    pass(std::chrono::seconds(2));
  }
  [[nodiscard]] sweep::RunRecord last_end() const {
    const auto ends = channel.ends();
    REQUIRE_FALSE(ends.empty());
    return ends.back();
  }

  ChannelScript channel;
  RunnerScript runner;
  TempFolder output;
  TempFolder folder;
  sweep::Slot::Clock::time_point now = sweep::Slot::Clock::now();

 private:
  sweep::SlotSettings with_folder(sweep::SlotSettings settings) const {
    settings.folder = folder.path();
    return settings;
  }

  sweep::Slot slot_;
};

inline std::string reason_of(const sweep::RunRecord& record) {
  REQUIRE(record.attempt);
  return std::string(sweep::name_of(record.attempt->reason));
}

}  // namespace malet::test
