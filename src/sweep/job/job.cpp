#include "sweep/job/job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "base/files/paths.hpp"
#include "base/text/reject.hpp"
#include "exec/process/signals.hpp"
#include "exec/slurm/launcher.hpp"
#include "sweep/channel/hub_channel.hpp"
#include "sweep/channel/local_channel.hpp"
#include "sweep/channel/mpi_channel.hpp"
#include "sweep/forecast/expected_durations.hpp"
#include "sweep/job/coordinate.hpp"
#include "sweep/job/hosted_job.hpp"
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

/// Beyond this sorting would take more time and memory than it saves.
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

/// What a job comes to for which there is nothing to run: nothing is written.
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
  SetupMessage setup;
  setup.yaml = job.folder->yaml;
  setup.yaml_name = base::paths::exp_config(job.path).string();
  setup.folder = job.path.string();
  setup.gives_back = job.options.pace.schedule == Schedule::dynamic;
  const std::string message = encode(setup);
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

/// The job with the right to write, which `lock` holds.
Job writing(const Job& job, std::unique_ptr<base::WriterLock>& lock) {
  lock = job.begin_writing();
  Job writing = job;
  writing.lock = lock.get();
  return writing;
}

/// Rank 0's part under a launcher.
JobResult run_as_first(const Job& job, MpiSession& session) {
  const int ranks = session.size();
  if (ranks == 1) refuse_lone_coordinator(job);
  const JobSetup setup = setup_of(job);
  if (setup.counts.pending == 0) {
    JobResult result = nothing_to_run(setup);
    say_leave(session.channel(), static_cast<std::size_t>(ranks) - 1, result.report.exit_code);
    return result;
  }
  if (job.host != nullptr) return coordinate_hosts(job, setup, &session);
  if (ranks == 1) return run_here(job, setup, 1);
  return coordinate_ranks(session, job, setup);
}

JobResult run_on_ranks(const Job& job) {
  std::unique_ptr<base::WriterLock> lock;
  MpiSession session;
  refuse_lone_rank(session);
  if (session.rank() != 0) {
    JobResult result;
    result.report.exit_code = job.host != nullptr ? supervise_as_rank(job, session)
                                                  : work_as_rank(session.channel(), job.function);
    return result;
  }
  try {
    JobResult result = run_as_first(writing(job, lock), session);
    if (job.conclude) {
      lock.reset();
      job.conclude(result);
    }
    if (job.options.on_end) job.options.on_end(result.report);
    return result;
  } catch (const Error& error) {
    if (job.options.on_error) job.options.on_error(error);
    say_leave(session.channel(), static_cast<std::size_t>(session.size()) - 1, error.exit_code());
    throw;
  }
}

JobResult run_alone(const Job& given) {
  refuse_lone_coordinator(given);
  std::unique_ptr<base::WriterLock> lock;
  const Job job = writing(given, lock);
  const JobSetup setup = setup_of(job);
  if (setup.counts.pending == 0) return nothing_to_run(setup);
  if (job.host != nullptr) return coordinate_hosts(job, setup, nullptr);
  return run_here(job, setup,
                  static_cast<std::size_t>(std::max(job.options.devices.jobs.value_or(1), 1)));
}

}  // namespace

ExperimentLog new_log(const ConfigIter& configs, const ExperimentOptions& options,
                      const std::filesystem::path& path) {
  std::vector<std::string> columns = Experiment::infos();
  columns.insert(columns.end(), options.storage.metrics.begin(), options.storage.metrics.end());
  return ExperimentLog::from_config_iter(configs, std::move(columns), path);
}

JobResult run_job(const Job& job) {
  const exec::SignalWatch signals;
  if (exec::launcher().present) return run_on_ranks(job);
  JobResult result = run_alone(job);
  if (job.conclude) job.conclude(result);
  if (job.options.on_end) job.options.on_end(result.report);
  return result;
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
