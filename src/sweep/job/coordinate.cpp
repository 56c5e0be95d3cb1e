#include "sweep/job/coordinate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "base/claims/writer_holder.hpp"
#include "exec/slurm/allocation.hpp"
#include "exec/slurm/launcher.hpp"
#include "record/log/log_access.hpp"
#include "record/log/series_views.hpp"
#include "sweep/forecast/expected_durations.hpp"
#include "sweep/job/queue_job.hpp"

namespace malet::sweep {

namespace {

using Earliers = std::unordered_map<std::uint64_t, Earlier>;

ExitCode exit_code(const Coordinator::Result& result) {
  // Too many failures will not be fewer the next time, so this is no invitation to go on.
  if (result.halted) return ExitCode::some_failed;
  if (result.stopped) return ExitCode::stopped;
  return result.counts.failed > 0 ? ExitCode::some_failed : ExitCode::complete;
}

/// Makes new logs and begins journals: a folder that cannot be written is to be told at once, not
/// after hours of work.
void save_first(Recorder& recorder, Sync sync) {
  try {
    recorder.snapshot({}, 'R');
    recorder.begin_journals(sync);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::refused) throw;
    throw Error(ErrorKind::bad_input, error.what());
  }
}

/// Somebody took this job for dead, or removed its claim: what it writes now could undo the other's
/// results.
void require_right(const base::WriterLock& lock) {
  if (lock.still_ours()) return;
  const auto holder = base::holder_of(lock.path());
  const std::string who =
      holder && holder->writer ? base::description(*holder->writer) : "nobody who says so";
  throw Error(
      ErrorKind::refused,
      fmt::format("{}: this job was taken for dead, or the file was removed, and {} holds it "
                  "now: this job ends without writing the log again; start it again when "
                  "no other one runs, and it goes on",
                  lock.path().string(), who));
}

/// How long the job may last from its start: until the earliest of the timeout and the end of the
/// allocation.
std::optional<StopPolicy::Seconds> time_of(const Job& job) {
  const auto left = exec::slurm_time_left();
  if (!left) return job.options.limits.timeout;
  const StopPolicy::Seconds until_end = StopPolicy::Clock::now() - job.started + *left;
  return std::min(job.options.limits.timeout.value_or(until_end), until_end);
}

StopPolicy stop_policy(const Job& job) {
  const StopPolicy::Setting setting =
      job.host.has_value() ? StopPolicy::Setting::supervised : StopPolicy::Setting::unsupervised;
  return {job.started, time_of(job), job.options.limits.grace, exec::launcher().mpirun, setting};
}

/// Nothing where runs go on in the next job, or nothing ends this one.
std::optional<RunGate> gate_of(const Job& job, const StopPolicy& stop) {
  const auto lasts = stop.lasts();
  if (!lasts || !job.options.limits.gate || job.options.limits.checkpoint) return std::nullopt;
  RunGate gate(*lasts);
  for (const auto duration : earlier_times(*job.folder, *job.scope)) gate.add(duration);
  return gate;
}

Coordinator::Settings settings_of(const Job& job, const JobSetup& setup, const StopPolicy& stop,
                                  std::size_t workers) {
  const ExperimentOptions& options = job.options;
  Coordinator::Settings settings;
  settings.workers = workers;
  settings.counts = setup.counts;
  settings.on_progress = options.on_progress;
  settings.on_failure = options.on_failure;
  settings.progress_interval = options.progress_interval;
  settings.retries = static_cast<std::uint64_t>(std::max(options.pace.retries, 0));
  settings.halt = options.limits.halt;
  settings.run_timeout = options.limits.run_timeout;
  settings.gate = gate_of(job, stop);
  return settings;
}

/// Segments of series become one file, unless the job's time is over: then they stay, and are read
/// as well.
void compact(Recorder& recorder, const Job& job, const Coordinator::Result& end) {
  if (end.by_order || end.abandoned) return;
  try {
    recorder.compact_series();
  } catch (const Error& error) {
    if (!job.options.on_progress) return;
    Progress progress;
    progress.counts = end.counts;
    progress.events = {std::string(error.what())};
    job.options.on_progress(progress);
  }
}

JobResult report(const Coordinator::Result& end, const Recorder& recorder) {
  JobResult result;
  result.report = {exit_code(end), end.counts, recorder.log_files(), end.abandoned, {}};
  result.log = recorder.log();
  if (recorder.keeps_series_apart()) {
    record::set_series(*result.log, std::make_shared<const record::SeriesByRun>(
                                        record::SeriesStore::open(recorder.log().logs_file())));
  }
  return result;
}

/// What other jobs did meanwhile counts as well.
JobResult report_with_others(Coordinator::Result end, const Recorder& recorder,
                             const QueueJob::Outcome& outcome) {
  end.counts = outcome.counts;
  end.stopped = end.counts.pending + end.counts.running > 0;
  JobResult result = report(end, recorder);
  result.report.queue = RunReport::Queue{false, outcome.elsewhere};
  return result;
}

/// Every slot that could not run anything is out of service, and with the last one the job ends.
[[noreturn]] void fail_deserted(const Coordinator::Result& end, const JobSetup& setup) {
  const bool nothing_ran = end.counts.completed == setup.counts.completed;
  throw Error(nothing_ran ? ErrorKind::bad_input : ErrorKind::internal,
              fmt::format("every slot is out of service, {} configs were not run: {}",
                          end.counts.pending, end.retired));
}

}  // namespace

JobResult coordinate(Channel& channel, const Job& job, const JobSetup& setup, std::size_t workers) {
  const auto drive = [](Coordinator& coordinator) { coordinator.loop(); };
  return coordinate(channel, job, setup, workers, {}, drive);
}

JobResult coordinate(Channel& channel, const Job& job, const JobSetup& setup, std::size_t workers,
                     std::vector<SlotFacts> slots, const std::function<void(Coordinator&)>& drive) {
  // In queue mode what earlier attempts left is known to the feed, until the job has their configs.
  std::optional<QueueJob> queue;
  if (job.options.splits.queue) queue.emplace(job, setup);
  Recorder recorder(make_logs(job, workers), queue ? Earliers() : setup.earlier,
                    job.options.pace.retries > 0);
  recorder.adopt([&job](const Earlier& earlier, const std::filesystem::path& log) {
    return job.folder->log_paths.at(earlier.log) == log;
  });
  if (job.lock != nullptr) recorder.set_guard([&job] { require_right(*job.lock); });
  save_first(recorder, job.options.storage.sync);
  const bool hosted = !slots.empty();
  AttemptLog attempts(recorder.log_files(), job.folder->configs, std::move(slots));
  const StopPolicy stop = stop_policy(job);
  Coordinator::Settings settings = settings_of(job, setup, stop, workers);
  settings.attempts = &attempts;
  settings.events = job.folder->warnings;
  settings.notes_starts = hosted;
  settings.feed = queue ? &queue->feed() : nullptr;
  Coordinator coordinator(channel, make_scheduler(setup, *job.scope, job.options, workers),
                          recorder, stop, std::move(settings));
  Coordinator::Result end;
  try {
    drive(coordinator);
    end = coordinator.finish();
    compact(recorder, job, end);
  } catch (...) {
    coordinator.rescue();
    throw;
  }
  attempts.flush();
  const bool deserted =
      !end.retired.empty() && end.stopped && !end.by_order && !end.halted && !end.gated;
  if (deserted) fail_deserted(end, setup);
  if (queue) return report_with_others(end, recorder, queue->outcome(setup.counts.total));
  return report(end, recorder);
}

void say_leave(Channel& channel, std::size_t workers, ExitCode code) {
  for (std::size_t worker = 1; worker <= workers; ++worker) {
    channel.send(static_cast<int>(worker), encode_leave(code));
  }
}

}  // namespace malet::sweep
