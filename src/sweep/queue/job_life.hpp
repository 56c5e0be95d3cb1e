#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <unordered_map>

namespace malet::sweep {

/// Which of the jobs that share a folder live, by the writer files of their logs. That one lives is
/// taken to hold for a moment, so that asking costs little; that it does not is always looked up.
class JobLives {
 public:
  /// \param self_token of this job as a writer.
  JobLives(std::filesystem::path exp_folder, std::string self_token);

  /// Whether that very writer of a job's log may live. One whose file does not say who it is may.
  [[nodiscard]] bool lives(const std::string& job, const std::string& token);
  /// Whether another job than this one writes in the folder.
  [[nodiscard]] bool has_others();

 private:
  using Clock = std::chrono::steady_clock;

  std::filesystem::path exp_folder_;
  std::string self_;
  std::unordered_map<std::string, Clock::time_point> lived_;  // by token: when it was last seen to
  Clock::time_point had_others_;
};

/// Whether a job other than that of `self_token` writes in a folder and may live.
[[nodiscard]] bool has_other_jobs(const std::filesystem::path& exp_folder,
                                  const std::string& self_token);

}  // namespace malet::sweep
