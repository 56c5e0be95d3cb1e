#pragma once

#include <chrono>
#include <optional>

namespace malet::sweep {

/// Decides when and how fast a job must end: by its deadline, or by signals.
class StopPolicy {
 public:
  using Clock = std::chrono::steady_clock;
  using Seconds = std::chrono::duration<double>;

  enum class Pace {
    go_on,
    graceful,  ///< runs in progress are asked to return and have the grace to do so
    urgent,    ///< the launcher kills within a second: save now
  };

  enum class Setting {
    unsupervised,  ///< runs inside the rank: when their time is over they are left behind
    supervised,    ///< supervisors kill runs when their time is over, and then say so
  };

  /// \param timeout how long the job may last from `started`; runs are asked to return early enough
  ///   for the grace, the last save and 2 s to spare, but not before half of it.
  /// \param under_mpirun mpirun kills two seconds after it got TERM, INT or HUP itself.
  StopPolicy(Clock::time_point started, std::optional<Seconds> timeout, Seconds grace,
             bool under_mpirun, Setting setting = Setting::unsupervised);

  /// What a save took just now, and so may take at the end.
  void set_save_cost(Seconds cost);
  /// How long the job lasts from its start to its deadline, when runs are asked to return; nothing
  /// without a timeout.
  [[nodiscard]] std::optional<Seconds> lasts() const { return lasts_; }
  /// What is left of that.
  [[nodiscard]] std::optional<Seconds> left(Clock::time_point now) const;

  /// Whether a signal announces the end (USR1, USR2, XCPU), rather than asks for it.
  [[nodiscard]] static bool is_soft(int signal);
  /// How long runs have from the moment in which they are asked to return.
  [[nodiscard]] Seconds grace() const { return grace_; }
  /// How the job is to go on. `signal` is the first one that came, `signals` how many did.
  [[nodiscard]] Pace pace(Clock::time_point now, std::optional<int> signal);
  /// The job ends for another reason than its deadline or a signal here; the grace counts from now.
  void begin(Clock::time_point now);
  /// Whether runs that were asked to return have had their time. A second signal shortens it.
  [[nodiscard]] bool grace_is_over(Clock::time_point now, int signals) const;

 private:
  Clock::time_point started_;
  std::optional<Seconds> timeout_;
  std::optional<Seconds> lasts_;
  Seconds wanted_grace_;
  Seconds grace_;
  bool under_mpirun_;
  Seconds slack_;  // for supervisors to do their duty
  Seconds urgent_slack_;
  std::optional<Clock::time_point> stop_began_;
  bool urgent_ = false;
};

}  // namespace malet::sweep
