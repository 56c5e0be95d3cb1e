#include "sweep/reshape/dead_log.hpp"

#include "base/claims/writer_holder.hpp"
#include "base/claims/writer_lock.hpp"
#include "base/files/paths.hpp"
#include "malet/error.hpp"
#include "sweep/reshape/take_over.hpp"

namespace malet::sweep {

bool close_dead_log(const Folder& folder, const std::filesystem::path& log) {
  const auto holder = base::holder_of(base::paths::writer(log));
  if (!holder || holder->alive || !std::filesystem::exists(log)) return true;
  try {
    const base::WriterLock lock(log, {base::WriterMode::queue, {}});
    // The attempts of all logs, since those that were lost are numbered on.
    const auto all = base::paths::existing_logs(folder.path);
    Folder one = read_some_logs(folder, {log}, all, &lock.writer());
    take_over_logs(one, log, true);
    return true;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::refused) throw;
    return false;
  }
}

}  // namespace malet::sweep
