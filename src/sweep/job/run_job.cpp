#include <algorithm>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "base/text/reject.hpp"
#include "exec/process/signals.hpp"
#include "exec/slurm/launcher.hpp"
#include "sweep/channel/local_channel.hpp"
#include "sweep/channel/mpi_channel.hpp"
#include "sweep/forecast/expected_durations.hpp"
#include "sweep/job/coordinate.hpp"
#include "sweep/job/hosted_job.hpp"
#include "sweep/job/job.hpp"
#include "sweep/job/job_setup.hpp"
#include "sweep/rank/worker.hpp"

namespace malet::sweep {

namespace {

/// Worker threads of this process, joined at the end unless one of them does not return.
class WorkerThreads {
 public:
  void start(std::unique_ptr<Channel> channel, const Job& job) {
    threads_.emplace_back([channel = std::move(channel), configs = job.folder->configs,
                           function = job.function, path = job.path,
                           gives_back = job.options.pace.schedule == Schedule::dynamic] {
      (void)Worker(*channel, configs, function, path, gives_back).work();
    });
  }

  WorkerThreads() = default;
  WorkerThreads(const WorkerThreads&) = delete;
  WorkerThreads& operator=(const WorkerThreads&) = delete;
  ~WorkerThreads() {
    for (std::thread& thread : threads_) thread.join();
  }

  void abandon() {
    for (std::thread& thread : threads_) thread.detach();
    threads_.clear();
  }

 private:
  std::vector<std::thread> threads_;
};

/// Sorting more would take more time and memory than it saves.
constexpr std::uint64_t most_sorted = 1'000'000;

/// Has the longest configs handed out first.
void order_longest_first(JobSetup& setup, const Job& job) {
  if (setup.counts.pending > most_sorted) {
    reject(
        "--order longest sorts up to {} configs, and {} are to run: take "
        "--order random, or a part of them by --filter or --total-splits",
        most_sorted, setup.counts.pending);
  }
  ExpectedDurations expected = expect_durations(*job.folder);
  setup.known.expected = std::move(expected.seconds);
  if (expected.has_complete_runs || !job.options.on_progress || setup.counts.pending == 0) return;
  Progress progress;
  progress.counts = setup.counts;
  progress.events = {
      "--order longest: no complete run has a duration yet, so configs go in grid "
      "order"};
  job.options.on_progress(progress);
}

JobSetup setup_of(const Job& job) {
  JobSetup setup = make_setup(*job.folder, *job.scope, job.options.pace.rerun_failed);
  if (job.options.pace.order == Order::longest) order_longest_first(setup, job);
  return setup;
}

/// Result of a job with nothing left to run. Writes no file.
JobResult nothing_to_run(const JobSetup& setup) {
  JobResult result;
  result.report.counts = setup.counts;
  result.report.exit_code = setup.counts.failed > 0 ? ExitCode::some_failed : ExitCode::complete;
  return result;
}

JobResult run_here(const Job& job, const JobSetup& setup, std::size_t workers) {
  LocalExchange exchange(static_cast<int>(workers) + 1);
  const auto channel = exchange.end(0);
  WorkerThreads threads;
  for (std::size_t i = 1; i <= workers; ++i) threads.start(exchange.end(static_cast<int>(i)), job);
  try {
    JobResult result = coordinate(*channel, job, setup, workers);
    say_leave(*channel, workers, result.report.exit_code);
    if (result.report.abandoned) threads.abandon();
    return result;
  } catch (const Error& error) {
    say_leave(*channel, workers, error.exit_code());
    throw;
  }
}

void say_setup(Channel& channel, const Job& job, int ranks) {
  const std::string message = encode(setup_message(job, {}));
  for (int rank = 1; rank < ranks; ++rank) channel.send(rank, message);
}

/// Rank 0 of several: coordinates the other ranks and, if asked to work, a thread of its own.
JobResult coordinate_ranks(MpiSession& session, const Job& job, const JobSetup& setup) {
  const int ranks = session.size();
  const bool works = job.options.devices.rank0 == Rank0::work;
  LocalExchange exchange(2);
  const auto local = exchange.end(0);
  HubChannel hub(session.channel(), *local, ranks);
  Channel& channel = works ? static_cast<Channel&>(hub) : session.channel();
  const std::size_t workers = static_cast<std::size_t>(ranks) - (works ? 0 : 1);
  WorkerThreads threads;
  try {
    say_setup(session.channel(), job, ranks);
    if (works) threads.start(exchange.end(1), job);
    JobResult result = coordinate(channel, job, setup, workers);
    say_leave(channel, workers, result.report.exit_code);
    if (result.report.abandoned) {
      threads.abandon();
      session.abandon();
    }
    return result;
  } catch (const Error& error) {
    if (works) local->send(1, encode_leave(error.exit_code()));
    throw;
  }
}

/// A launcher that this MPI does not understand leaves every rank alone, each a job of its own.
void refuse_lone_rank(const MpiSession& session) {
  const exec::Launcher launcher = exec::launcher();
  const bool has_others = launcher.rank != 0 || launcher.size.value_or(1) > 1;
  if (session.size() > 1 || !has_others) return;
  reject(
      "the launcher started several ranks, but MPI shows each only itself: start with "
      "`srun --mpi=pmix`, or with the mpirun of the MPI that this program was built with");
}

void refuse_lone_coordinator(const Job& job) {
  if (job.options.devices.rank0 != Rank0::coordinate) return;
  reject("--rank0 coordinate needs at least two ranks");
}

/// Gives the job's right to write up at the end, however it ends.
class LockEnd {
 public:
  explicit LockEnd(Job& job) : job_(job) {}
  LockEnd(const LockEnd&) = delete;
  LockEnd& operator=(const LockEnd&) = delete;
  ~LockEnd() { job_.lock.reset(); }

 private:
  Job& job_;
};

/// The end on rank 0, where all results are written.
JobResult end_job(Job& job, JobResult result) {
  job.end_writing(result);
  if (job.options.on_end) job.options.on_end(result.report);
  return result;
}

/// Rank 0's part under a launcher.
JobResult run_as_first(Job& job, MpiSession& session) {
  job.begin_writing();
  const int ranks = session.size();
  if (ranks == 1) refuse_lone_coordinator(job);
  const JobSetup setup = setup_of(job);
  if (setup.counts.pending == 0) {
    JobResult result = nothing_to_run(setup);
    say_leave(session.channel(), static_cast<std::size_t>(ranks) - 1, result.report.exit_code);
    return result;
  }
  if (job.host) return coordinate_hosts(job, setup, &session);
  if (ranks == 1) return run_here(job, setup, 1);
  return coordinate_ranks(session, job, setup);
}

JobResult run_on_ranks(Job& job) {
  MpiSession session;
  refuse_lone_rank(session);
  if (session.rank() != 0) {
    JobResult result;
    result.report.exit_code =
        job.host ? supervise_as_rank(job, session) : work_as_rank(session.channel(), job.function);
    return result;
  }
  try {
    return end_job(job, run_as_first(job, session));
  } catch (const Error& error) {
    if (job.options.on_error) job.options.on_error(error);
    say_leave(session.channel(), static_cast<std::size_t>(session.size()) - 1, error.exit_code());
    throw;
  }
}

JobResult run_alone(Job& job) {
  refuse_lone_coordinator(job);
  job.begin_writing();
  const JobSetup setup = setup_of(job);
  if (setup.counts.pending == 0) return nothing_to_run(setup);
  if (job.host) return coordinate_hosts(job, setup, nullptr);
  return run_here(job, setup,
                  static_cast<std::size_t>(std::max(job.options.devices.jobs.value_or(1), 1)));
}

}  // namespace

JobResult run_job(Job& job) {
  const exec::SignalWatch signals;
  const LockEnd lock_end(job);
  return exec::launcher().present ? run_on_ranks(job) : end_job(job, run_alone(job));
}

std::string map_gpus(const ExperimentOptions& options, GpuMapForm form) {
  if (!exec::launcher().present) return exchange_gpu_map(options, form, nullptr);
  MpiSession session;
  return exchange_gpu_map(options, form, &session);
}

RunReport decline_job(const Error& reason, const std::function<void(const Error&)>& on_error) {
  if (!exec::launcher().present) throw reason;
  MpiSession session;
  if (session.rank() == 0) {
    if (on_error) on_error(reason);
    say_leave(session.channel(), static_cast<std::size_t>(session.size()) - 1, reason.exit_code());
    throw reason;
  }
  session.channel().send(0, encode_unable(reason));
  RunReport report;
  report.exit_code = wait_for_leave(session.channel());
  return report;
}

}  // namespace malet::sweep
