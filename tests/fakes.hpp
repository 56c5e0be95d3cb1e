#pragma once

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "exec/runner/runner.hpp"
#include "sweep/channel/channel.hpp"
#include "sweep/channel/message.hpp"

namespace malet::test {

/// What a FakeRunner was asked for and what it is to answer. Outlives the runner, which a slot
/// owns.
struct RunnerScript {
  using State = exec::Runner::State;

  State state = State::down;
  int group = 0;
  int starts = 0;
  int kills = 0;
  int ends = 0;
  std::vector<exec::RunOrder> orders;
  std::vector<std::string> stops;  ///< the reasons for which runs were asked to stop

  std::deque<exec::RunReportLine> reports;  ///< given out by the next turn
  std::optional<exec::RunEnding> ending;    ///< as reports, and the state afterwards
  State after = State::idle;

  /// The run in progress ends so with the next turn.
  void end_run(exec::RunEnding::How how, State next = State::idle, int code = 0) {
    ending.emplace();
    ending->how = how;
    ending->code = code;
    ending->pid = 4711;
    after = next;
  }
  void finish(Metrics metrics = {}) {
    end_run(exec::RunEnding::How::done);
    ending->metrics = std::move(metrics);
  }
};

/// A Runner without a process.
class FakeRunner : public exec::Runner {
 public:
  explicit FakeRunner(RunnerScript& script) : script_(script) {}

  [[nodiscard]] State state() const override { return script_.state; }
  void start() override {
    ++script_.starts;
    script_.state = State::starting;
  }
  void begin(const exec::RunOrder& order) override {
    script_.orders.push_back(order);
    script_.state = State::busy;
  }
  void ask_to_stop(std::string_view reason) override { script_.stops.emplace_back(reason); }
  void kill() override { ++script_.kills; }
  void end() override {
    ++script_.ends;
    script_.state = State::ending;
  }
  [[nodiscard]] int group() const override { return script_.group; }
  void add_descriptors(std::vector<pollfd>&) const override {}
  [[nodiscard]] bool has_news() const override { return true; }
  [[nodiscard]] std::optional<exec::RunEnding> turn(const OnReport& on_report) override {
    for (; !script_.reports.empty(); script_.reports.pop_front()) {
      on_report(std::move(script_.reports.front()));
    }
    if (script_.ending) script_.state = script_.after;
    return std::exchange(script_.ending, std::nullopt);
  }

 private:
  RunnerScript& script_;
};

/// What went through a FakeChannel. Outlives it, where somebody else owns that.
struct ChannelScript {
  struct Sent {
    int to;
    std::string message;
  };
  std::vector<Sent> sent;
  std::deque<sweep::Envelope> arriving;

  /// The messages of a kind, in the order in which they were sent.
  [[nodiscard]] std::vector<std::string> of(sweep::MessageKind kind) const {
    std::vector<std::string> found;
    for (const auto& [to, message] : sent) {
      if (sweep::kind_of(message) == kind) found.push_back(message);
    }
    return found;
  }
  [[nodiscard]] std::vector<sweep::MessageKind> kinds() const {
    std::vector<sweep::MessageKind> found;
    for (const auto& [to, message] : sent) found.push_back(sweep::kind_of(message));
    return found;
  }
  /// The ends of runs among what was sent.
  [[nodiscard]] std::vector<sweep::RunRecord> ends() const { return records(false); }
  [[nodiscard]] std::vector<sweep::RunRecord> steps() const { return records(true); }

 private:
  [[nodiscard]] std::vector<sweep::RunRecord> records(bool steps) const {
    std::vector<sweep::RunRecord> found;
    for (const std::string& batch : of(sweep::MessageKind::batch)) {
      sweep::BatchReader reader(batch);
      for (sweep::RunRecord record; reader.next(record);) {
        if (record.is_step == steps) found.push_back(record);
      }
    }
    return found;
  }
};

/// A Channel whose other ends are the test.
class FakeChannel : public sweep::Channel {
 public:
  explicit FakeChannel(ChannelScript& script) : script_(script) {}

  void send(int to, std::string message) override {
    script_.sent.push_back({to, std::move(message)});
  }
  [[nodiscard]] std::optional<sweep::Envelope> try_receive() override {
    if (script_.arriving.empty()) return std::nullopt;
    auto envelope = std::move(script_.arriving.front());
    script_.arriving.pop_front();
    return envelope;
  }
  void wait(std::chrono::microseconds) override {}

 private:
  ChannelScript& script_;
};

}  // namespace malet::test
