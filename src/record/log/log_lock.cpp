#include "record/log/log_lock.hpp"

#include <algorithm>
#include <thread>

#include "base/claims/writer_holder.hpp"
#include "base/files/paths.hpp"
#include "base/text/reject.hpp"
#include "malet/error.hpp"
#include "malet/experiment_log.hpp"
#include "record/log/log_content.hpp"

namespace malet::record {

namespace {

constexpr std::chrono::milliseconds longest_rest{100};

/// Whether jobs in the log's folder write it, too: log.tsv and log_splits/*.tsv.
bool is_of_folder(const std::filesystem::path& log) {
  const auto folder = base::paths::folder_of(log);
  return log == base::paths::log(folder) || folder != log.parent_path();
}

std::shared_ptr<base::WriterLock> try_lock(const std::filesystem::path& log) {
  const base::WriterRole role;
  base::check_malet_lock(log);
  auto lock = std::make_shared<base::WriterLock>(log, role);
  if (is_of_folder(log)) base::check_writers_agree(base::paths::folder_of(log), {log}, role);
  return lock;
}

}  // namespace

std::shared_ptr<base::WriterLock> lock_log(const std::filesystem::path& log,
                                           std::chrono::milliseconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (true) {
    try {
      return try_lock(log);
    } catch (const Error& error) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
          end - std::chrono::steady_clock::now());
      if (error.kind() != ErrorKind::refused || left.count() <= 0) throw;
      std::this_thread::sleep_for(std::min(left, longest_rest));
    }
  }
}

}  // namespace malet::record

namespace malet {

bool LogLock::is_held() const {
  return lock_ && lock_->still_ours();
}

std::string LogLock::warning() const {
  return lock_ ? lock_->warning() : std::string();
}

bool ExperimentLog::use_filelock() const {
  return content_->use_filelock;
}

void ExperimentLog::set_use_filelock(bool use_filelock) {
  content_->use_filelock = use_filelock;
}

LogLock ExperimentLog::lock_file(std::chrono::milliseconds patience) const {
  if (!content_->use_filelock) return {};
  if (content_->logs_file.empty()) {
    reject("the log has no file to be locked: give its path");
  }
  auto lock = content_->lock.lock();
  if (!lock || lock->path() != base::paths::writer(content_->logs_file)) {
    lock = record::lock_log(content_->logs_file, patience);
    content_->lock = lock;
  }
  return LogLock(std::move(lock));
}

}  // namespace malet
