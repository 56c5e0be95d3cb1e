#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace malet::sweep {

/// Says whether a run that starts now is likely to end before the job's deadline. Pure: its owner
/// brings the time left, how long runs took, and how long those in progress have taken so far.
class RunGate {
 public:
  using Seconds = std::chrono::duration<double>;

  /// The share of runs that must be expected to fit into the time left.
  static constexpr double likely = 0.5;

  /// \param whole how long the job lasts from its start to its deadline. Where runs take longer
  ///   than that, waiting for the next job does not help them, and the gate stays open.
  explicit RunGate(Seconds whole, double share = likely) : whole_(whole), share_(share) {}

  /// A complete run took so long.
  void add(Seconds duration);
  /// Whether the estimate needs a look at the runs in progress before the next question.
  [[nodiscard]] bool is_due(Seconds left) const;
  /// Estimates anew. `ages`: how long the runs in progress have taken so far.
  void look(Seconds left, const std::vector<Seconds>& ages);
  /// Whether a run may start with so much time left, as of the last look.
  [[nodiscard]] bool is_open(Seconds left) const { return estimate_ <= left || is_hopeless(); }
  /// Whether runs take longer than a whole job lasts.
  [[nodiscard]] bool is_hopeless() const { return estimate_ > whole_; }
  /// How long runs take, as of the last look: what the likely share of them does not exceed. Zero
  /// as long as nothing is known or nothing hangs on it.
  [[nodiscard]] Seconds estimate() const { return estimate_; }

  /// Why nothing more is started, for people.
  [[nodiscard]] std::string closing_text(Seconds left) const;
  /// Why runs are started that will not end in time, for people.
  [[nodiscard]] std::string hopeless_text() const;

 private:
  Seconds whole_;
  double share_;
  std::vector<Seconds> durations_;
  std::size_t next_ = 0;  // the oldest of the durations, once there are many
  Seconds longest_{};
  Seconds looked_at_{};  // the time left at the last look
  bool looked_ = false;
  Seconds estimate_{};
};

}  // namespace malet::sweep
