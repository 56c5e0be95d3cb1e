#include "sweep/folder/writers.hpp"

#include <chrono>
#include <optional>
#include <thread>

#include "base/claims/writer_holder.hpp"
#include "base/files/files.hpp"
#include "base/files/paths.hpp"
#include "malet/error.hpp"
#include "sweep/folder/resplit_intent.hpp"

namespace malet::sweep {

namespace {

constexpr std::chrono::milliseconds next_look(50);
constexpr std::chrono::seconds closing_patience(60);
constexpr std::chrono::seconds ending_patience(3);

/// The living writer beside a log that is not `self`.
std::optional<base::Holder> other_holder(const std::filesystem::path& log,
                                         const base::Writer* self) {
  auto holder = base::holder_of(base::paths::writer(log));
  if (!holder || !holder->alive) return std::nullopt;
  if (holder->writer && self != nullptr && holder->writer->token == self->token) {
    return std::nullopt;
  }
  return holder;
}

std::unique_ptr<base::WriterLock> take(const std::filesystem::path& exp_folder,
                                       const std::filesystem::path& log,
                                       const base::WriterRole& role) {
  auto lock = std::make_unique<base::WriterLock>(log, role);
  base::check_writers_agree(exp_folder, {log}, role);
  return lock;
}

/// Whether the holder is another queue job: it takes this job's last start for dead and closes the
/// log of that start.
bool is_being_closed(const std::filesystem::path& log, const base::WriterRole& role) {
  const auto holder = base::holder_of(base::paths::writer(log));
  return holder && holder->writer && holder->writer->role == role &&
         holder->writer->slurm_job != base::this_writer(role).slurm_job;
}

/// Waits long while another job closes the log, and a moment for a holder that is about to end.
std::unique_ptr<base::WriterLock> take_patiently(const std::filesystem::path& exp_folder,
                                                 const std::filesystem::path& log,
                                                 const base::WriterRole& role) {
  const auto begun = std::chrono::steady_clock::now();
  for (;;) {
    try {
      return take(exp_folder, log, role);
    } catch (const Error& error) {
      const auto patience = is_being_closed(log, role) ? closing_patience : ending_patience;
      const bool is_late = std::chrono::steady_clock::now() - begun >= patience;
      if (error.kind() != ErrorKind::refused || is_late) throw;
    }
    std::this_thread::sleep_for(next_look);
  }
}

}  // namespace

bool is_written(const std::filesystem::path& exp_folder, const std::filesystem::path& log,
                const base::Writer* self) {
  if (other_holder(log, self)) return true;
  const auto first = other_holder(base::paths::log(exp_folder), self);
  return first && (!first->writer || first->writer->role.mode == base::WriterMode::whole);
}

bool has_dead_writer(const std::filesystem::path& exp_folder, const std::filesystem::path& log) {
  for (const auto& path : {log, base::paths::log(exp_folder)}) {
    const auto holder = base::holder_of(base::paths::writer(path));
    if (holder && !holder->alive) return true;
  }
  return false;
}

std::unique_ptr<base::WriterLock> lock_logs(const std::filesystem::path& exp_folder,
                                            const Scope& scope, const ExperimentOptions& options) {
  if (!scope.split) return lock_folder(exp_folder);
  const auto log = base::paths::split_log(exp_folder, *scope.split);
  base::check_malet_lock(log);
  if (options.splits.queue) return take_patiently(exp_folder, log, {base::WriterMode::queue, {}});
  return take(exp_folder, log, {base::WriterMode::split, options.splits.total});
}

std::unique_ptr<base::WriterLock> lock_folder(const std::filesystem::path& exp_folder) {
  const auto log = base::paths::log(exp_folder);
  base::check_malet_lock(log);
  for (const auto& other : base::paths::existing_logs(exp_folder)) base::check_malet_lock(other);
  return take(exp_folder, log, {});
}

std::unique_ptr<base::WriterLock> take_folder(const std::filesystem::path& exp_folder,
                                              const std::function<void()>& check) {
  (void)base::read_file(base::paths::exp_config(exp_folder));  // else locking would make the folder
  finish_resplit(exp_folder);
  if (check) check();
  return lock_folder(exp_folder);
}

}  // namespace malet::sweep
