#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "exec/host/host_message.hpp"
#include "exec/host/line_socket.hpp"
#include "exec/process/child.hpp"
#include "exec/runner/runner.hpp"
#include "exec/runner/slot_output.hpp"

namespace malet::exec {

/// How to start a host, and what it is told with every run.
struct HostSettings {
  std::vector<std::string> arguments;    ///< the program, looked for on the PATH, comes first
  std::vector<std::string> environment;  ///< all of it except MALET_FD
  std::vector<std::string> grid_fields;
  ExperimentFacts experiment;
};

/// A Runner whose process does many runs, one after the other, by the protocol of docs/protocol.md.
class Host : public Runner {
 public:
  Host(HostSettings settings, const SlotOutput& output);

  [[nodiscard]] State state() const override { return state_; }
  void start() override;
  void begin(const RunOrder& order) override;
  void ask_to_stop(std::string_view reason) override;
  void kill() override;
  void end() override;
  [[nodiscard]] int group() const override { return child_ ? child_->pid() : 0; }
  void add_descriptors(std::vector<pollfd>& polled) const override;
  [[nodiscard]] bool has_news() const override {
    return !start_error_.empty() || (socket_ && socket_->has_unread());
  }
  [[nodiscard]] std::optional<RunEnding> turn(const OnReport& on_report) override;

 private:
  using Clock = std::chrono::steady_clock;

  std::optional<RunEnding> take_lines(const OnReport& on_report, bool& emptied);
  std::optional<RunEnding> take_message(HostMessage&& message, const OnReport& on_report);
  RunEnding take_end();
  RunEnding finish(HostMessage&& message);
  RunEnding give_up(std::string what);

  HostSettings settings_;
  const SlotOutput& output_;
  State state_ = State::down;
  std::optional<Child> child_;
  std::optional<LineSocket> socket_;
  bool first_line_ = true;
  double cpu_told_ = 0;  // CPU seconds of runs that have ended
  std::string garbage_;  // how the host broke the protocol; it is killed next
  std::string start_error_;
  bool told_to_stop_ = false;
  Clock::time_point ending_since_;
  std::optional<Clock::time_point> closed_;  // when it closed its socket and went on
};

}  // namespace malet::exec
