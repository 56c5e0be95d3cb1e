#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "exec/host/line_socket.hpp"
#include "exec/host/runner.hpp"
#include "exec/host/slot_output.hpp"
#include "exec/process/child.hpp"

namespace malet::exec {

/// What runs in a slot, the same for all its runs.
struct HostSettings {
  std::vector<std::string> arguments;    ///< of a host; of commands see CommandRunner
  std::vector<std::string> environment;  ///< all of it but MALET_FD
  std::vector<std::string> grid_fields;
  ExperimentFacts experiment;
};

/// A Runner whose process serves many runs, one after the other, over the host protocol.
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
  double cpu_told_ = 0;  // of the runs that have ended
  std::string garbage_;  // what the host said wrong; it is being killed
  std::string start_error_;
  bool told_to_stop_ = false;
  Clock::time_point ending_since_;
  std::optional<Clock::time_point> closed_;  // when its socket closed while it still lived
};

}  // namespace malet::exec
