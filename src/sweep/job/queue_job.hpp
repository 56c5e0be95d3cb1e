#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "sweep/job/job.hpp"
#include "sweep/job/job_setup.hpp"
#include "sweep/queue/claim_folder.hpp"
#include "sweep/queue/queue_feed.hpp"

/// What the last one of several jobs does that shared an experiment.
namespace malet::sweep {

/// What a queue job claims of an experiment, and what it takes from the logs of others.
class QueueJob {
 public:
  /// \param job with --queue and the right to write; outlives this.
  QueueJob(const Job& job, const JobSetup& setup);

  [[nodiscard]] WorkFeed& feed() { return feed_; }
  /// How the configs of the job stand by now, whoever ran them.
  struct Outcome {
    Counts counts;                ///< running: to be run again, since their jobs ended before them
    std::uint64_t elsewhere = 0;  ///< of the pending ones, those that other jobs run
  };
  [[nodiscard]] Outcome outcome(std::uint64_t total) const;

 private:
  /// What logs said when they were last read.
  struct LastRead {
    FileStamps stamps;
    std::shared_ptr<const Findings> findings;
  };

  [[nodiscard]] std::shared_ptr<const Findings> read_logs(const std::vector<std::string>& jobs,
                                                          bool all);
  [[nodiscard]] std::vector<std::filesystem::path> logs_of(const std::vector<std::string>& jobs,
                                                           bool all) const;

  const Job& job_;
  std::filesystem::path own_log_;
  LastRead last_read_;
  ClaimFolder claims_;
  QueueFeed feed_;
};

/// The name of this queue job: the number of the Slurm job, else a made-up one.
[[nodiscard]] std::string queue_job_name();

/// The end of a queue job whose configs are all complete: merges all logs into log.tsv unless other
/// queue jobs live, and removes the claims. The job holds no right to write any more. Throws Error
/// as Experiment::resplit_logs, but for refusals.
void end_queue(const Job& job, JobResult& result);

}  // namespace malet::sweep
