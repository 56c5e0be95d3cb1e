#include "base/claims/writers_agree.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/claims/writer_holder.hpp"
#include "base/files/paths.hpp"
#include "malet/error.hpp"

namespace malet::base {

namespace {

using Path = std::filesystem::path;

Path plain(const Path& path) {
  return std::filesystem::absolute(path).lexically_normal();
}

bool is_of(const Path& writer, const std::vector<Path>& logs) {
  return std::any_of(logs.begin(), logs.end(),
                     [&](const Path& log) { return plain(paths::writer(log)) == plain(writer); });
}

[[noreturn]] void refuse(const Path& path, const Holder& holder, const WriterRole& role) {
  if (!holder.writer) throw Error(ErrorKind::refused, refusal(path, holder));
  throw Error(
      ErrorKind::refused,
      fmt::format("{}: {} has been writing {} in this folder since {}, and {} cannot be "
                  "written beside it: {}",
                  path.string(), description(*holder.writer), description(holder.writer->role),
                  holder.writer->started, description(role), advice(holder)));
}

}  // namespace

bool agree(const WriterRole& one, const WriterRole& other) {
  if (one.mode != other.mode || one.mode == WriterMode::whole) return false;
  return one.mode == WriterMode::queue || one.splits == other.splits;
}

void check_writers_agree(const Path& folder, const std::vector<Path>& logs,
                         const WriterRole& role) {
  for (const Path& path : paths::writers(folder)) {
    if (is_of(path, logs)) continue;
    const auto holder = holder_of(path);
    if (!holder || !holder->alive) continue;
    if (!holder->writer || !agree(holder->writer->role, role)) refuse(path, *holder, role);
  }
}

void check_malet_lock(const Path& log) {
  const Path path = paths::malet_lock(log);
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0 || !S_ISREG(about.st_mode) || about.st_size == 0) return;
  throw Error(ErrorKind::refused,
              fmt::format("{}: a Python Malet is at work on this log: wait for its end; if it is "
                          "gone already, remove this file",
                          path.string()));
}

}  // namespace malet::base
