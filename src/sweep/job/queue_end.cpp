#include "sweep/job/queue_end.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/claims/writer_holder.hpp"
#include "base/files/paths.hpp"
#include "malet/error.hpp"
#include "malet/experiment.hpp"
#include "sweep/folder/folder.hpp"
#include "sweep/folder/resplit_intent.hpp"
#include "sweep/folder/writers.hpp"
#include "sweep/queue/shared_claims.hpp"

namespace malet::sweep {

namespace {

using Path = std::filesystem::path;

// For another job that ends at the same moment.
constexpr std::chrono::milliseconds look_again(50);
constexpr std::chrono::seconds merge_patience(10);

bool has_queue_jobs(const Path& exp_folder) {
  const auto writers = base::paths::writers(exp_folder);
  return std::any_of(writers.begin(), writers.end(), [](const Path& path) {
    const auto holder = base::holder_of(path);
    return holder && holder->alive && holder->writer &&
           holder->writer->role.mode == base::WriterMode::queue;
  });
}

}  // namespace

bool is_complete(const Path& exp_folder) {
  const Counts counts = open_folder(exp_folder, nullptr, record::SeriesUse::none).counts();
  return counts.completed == counts.total;
}

bool has_job_logs(const Path& exp_folder) {
  const auto logs = base::paths::existing_logs(exp_folder);
  return std::any_of(logs.begin(), logs.end(),
                     [](const Path& log) { return base::paths::job_of(log).has_value(); });
}

bool merge_if_last(const Path& exp_folder) {
  const auto until = std::chrono::steady_clock::now() + merge_patience;
  while (has_job_logs(exp_folder)) {
    if (has_queue_jobs(exp_folder)) return false;
    try {
      (void)Experiment::resplit_logs(exp_folder, 1, false);
      return true;
    } catch (const Error& error) {
      const bool is_late = std::chrono::steady_clock::now() >= until;
      if (error.kind() != ErrorKind::refused) throw;
      if (is_late) return false;
    }
    std::this_thread::sleep_for(look_again);
  }
  return true;
}

void clear_up_queue(const Path& exp_folder) {
  const auto holder = base::holder_of(base::paths::writer(base::paths::log(exp_folder)));
  const Path intent_writer = base::paths::writer(base::paths::resplit_intent(exp_folder));
  const bool has_left = (holder && !holder->alive) || std::filesystem::exists(intent_writer) ||
                        std::filesystem::exists(base::paths::claims(exp_folder));
  if (!has_left || has_job_logs(exp_folder)) return;
  try {
    const auto lock = lock_folder(exp_folder);
    remove_unfinished_resplit(exp_folder);
    remove_claims(exp_folder);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::refused) throw;  // else somebody is at work, and will
  }
}

}  // namespace malet::sweep
