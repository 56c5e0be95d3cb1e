#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sweep/job/job.hpp"
#include "sweep/job/job_setup.hpp"
#include "sweep/queue/claim_folder.hpp"
#include "sweep/queue/queue_feed.hpp"

namespace malet::sweep {

/// A job's part in an experiment that several jobs share: what it claims, and what it takes from
/// the logs of others.
class QueueJob {
 public:
  /// \param job in queue mode, with the right to write; outlives this.
  QueueJob(const Job& job, const JobSetup& setup);

  [[nodiscard]] WorkFeed& feed() { return feed_; }
  /// How the configs of the job stand by now, whoever ran them.
  struct Outcome {
    Counts counts;                ///< running: to be run again, since their jobs ended before them
    std::uint64_t elsewhere = 0;  ///< of the pending ones, those that other jobs run
  };
  [[nodiscard]] Outcome outcome(std::uint64_t total) const;

 private:
  /// When and how large files were, which tells whether they have changed.
  using Stamps = std::vector<std::pair<std::uintmax_t, std::filesystem::file_time_type>>;
  /// What logs said when they were last read.
  struct LastRead {
    std::vector<std::filesystem::path> logs;
    Stamps stamps;
    std::shared_ptr<const Findings> findings;
  };

  [[nodiscard]] std::shared_ptr<const Findings> read_logs(const std::vector<std::string>& jobs,
                                                          bool all);
  [[nodiscard]] std::vector<std::filesystem::path> logs_of(const std::vector<std::string>& jobs,
                                                           bool all) const;
  [[nodiscard]] static Stamps stamps_of(const std::vector<std::filesystem::path>& logs);

  const Job& job_;
  std::filesystem::path own_log_;
  LastRead last_read_;
  ClaimFolder claims_;
  QueueFeed feed_;
};

/// What a job is called among those that share an experiment: the number of the Slurm job, else a
/// name of its own.
[[nodiscard]] std::string queue_job_name();

}  // namespace malet::sweep
