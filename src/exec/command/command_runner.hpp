#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exec/command/command_template.hpp"
#include "exec/command/metric_lines.hpp"
#include "exec/process/child.hpp"
#include "exec/runner/runner.hpp"
#include "exec/runner/slot_output.hpp"

namespace malet::exec {

/// How to start a command.
struct CommandSettings {
  CommandTemplate command;
  std::vector<std::string> environment;  ///< all of it except variables that name files
  std::filesystem::path folder;          ///< of the slot, for the files below
  MetricSource source = MetricSource::file;
};

/// Names that a command may use besides the fields of its config.
inline constexpr std::array<std::string_view, 3> supplied_fields = {"run_id", "run_dir", "attempt"};

/// A Runner that starts a process for each run: a command line with the config's values.
///
/// The process reads its config from the file MALET_CONFIG and earlier metrics from MALET_RESUME,
/// and writes metrics to MALET_METRICS. MALET_RUN_DIR is its folder (docs/hosts.md).
class CommandRunner : public Runner {
 public:
  CommandRunner(CommandSettings settings, const SlotOutput& output);

  [[nodiscard]] State state() const override { return state_; }
  void start() override { state_ = State::idle; }
  void begin(const RunOrder& order) override;
  void ask_to_stop(std::string_view reason) override;
  void kill() override;
  void end() override;
  [[nodiscard]] int group() const override { return child_ ? child_->pid() : 0; }
  void add_descriptors(std::vector<pollfd>& polled) const override;
  [[nodiscard]] bool has_news() const override { return !start_error_.empty(); }
  [[nodiscard]] std::optional<RunEnding> turn(const OnReport& on_report) override;

 private:
  using Clock = std::chrono::steady_clock;

  void write_files(const RunOrder& order);
  [[nodiscard]] std::vector<std::string> arguments_of(const RunOrder& order) const;
  [[nodiscard]] std::vector<std::string> environment_of(const RunOrder& order) const;
  void read_metrics(const OnReport& on_report);
  void read_last_metrics(const OnReport& on_report);
  [[nodiscard]] std::string new_metrics();
  [[nodiscard]] std::size_t metrics_size() const;
  void give_steps(const OnReport& on_report);
  RunEnding finish(const ChildEnd& end, const OnReport& on_report);

  CommandSettings settings_;
  const SlotOutput& output_;
  State state_ = State::down;
  std::optional<Child> child_;
  std::optional<MetricLines> lines_;
  std::size_t metrics_read_ = 0;  // bytes
  std::uint64_t peak_memory_ = 0;
  Clock::time_point looked_;
  std::string start_error_;
  bool told_to_stop_ = false;
  bool uses_run_dir_ = false;
};

}  // namespace malet::exec
