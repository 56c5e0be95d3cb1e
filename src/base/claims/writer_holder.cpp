#include "base/claims/writer_holder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/claims/claim_file.hpp"
#include "base/files/descriptor.hpp"
#include "base/files/paths.hpp"
#include "base/files/process_facts.hpp"
#include "malet/error.hpp"

namespace malet::base {

namespace {

using Path = std::filesystem::path;
using std::chrono::nanoseconds;

nanoseconds since_epoch(const timespec& time) {
  return std::chrono::seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

nanoseconds our_clock() {
  return std::chrono::system_clock::now().time_since_epoch();
}

/// The current time by the clock of the file system that holds the file.
nanoseconds clock_beside(const Path& path) {
  const Path probe = paths::writer_draft(path, new_token());
  const Descriptor file(::open(probe.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.is_open()) return our_clock();
  struct stat about {};
  // Touched as holders touch their files, so that both times come from the same clock.
  (void)::futimens(file.get(), nullptr);
  const bool known = ::fstat(file.get(), &about) == 0;
  ::unlink(probe.c_str());
  return known ? since_epoch(about.st_mtim) : our_clock();
}

bool is_young(const struct stat& about, const Path& path) {
  return clock_beside(path) - since_epoch(about.st_mtim) < writer_patience;
}

ProcessLife life_of(const std::optional<Writer>& writer) {
  const bool here =
      writer && writer->host == host_name() && writer->process_space == process_space();
  return here ? process_life(writer->pid, writer->pid_start_time) : ProcessLife::unknown;
}

using Path = std::filesystem::path;

Path plain(const Path& path) {
  return std::filesystem::absolute(path).lexically_normal();
}

bool is_of(const Path& writer, const std::vector<Path>& logs) {
  return std::any_of(logs.begin(), logs.end(),
                     [&](const Path& log) { return plain(paths::writer(log)) == plain(writer); });
}

[[noreturn]] void refuse_role(const Path& path, const Holder& holder, const WriterRole& role) {
  if (!holder.writer) throw Error(ErrorKind::refused, refusal(path, holder));
  throw Error(
      ErrorKind::refused,
      fmt::format("{}: {} has been writing {} in this folder since {}, and {} cannot be "
                  "written beside it: {}",
                  path.string(), description(*holder.writer), description(holder.writer->role),
                  holder.writer->started, description(role), advice(holder)));
}

}  // namespace

Holder holder_in(int descriptor, const Path& path) {
  Holder holder{parse_writer(small_text(descriptor))};
  const ProcessLife life = life_of(holder.writer);
  struct stat about {};
  holder.alive =
      life == ProcessLife::running ||
      (life == ProcessLife::unknown && ::fstat(descriptor, &about) == 0 && is_young(about, path));
  return holder;
}

std::optional<Holder> holder_of(const Path& path) {
  const Descriptor file = open_named(path);
  if (file.is_open()) return holder_in(file.get(), path);
  struct stat about {};
  if (::lstat(path.c_str(), &about) != 0) return std::nullopt;
  return Holder{std::nullopt, is_young(about, path)};
}

bool is_alive(const Path& path) {
  const auto holder = holder_of(path);
  return holder && holder->alive;
}

std::string token_in(int descriptor) {
  const auto writer = parse_writer(small_text(descriptor));
  return writer ? writer->token : std::string();
}

std::string advice(const Holder& holder) {
  if (life_of(holder.writer) == ProcessLife::running) return "wait for its end, or stop it";
  return "wait for its end, or stop it; if it is gone already, start again in two minutes, or "
         "remove this file";
}

std::string refusal(const Path& path, const Holder& holder) {
  if (!holder.writer) {
    return fmt::format("{}: somebody is writing this log, and the file does not say who: {}",
                       path.string(), advice(holder));
  }
  return fmt::format("{}: {} has been writing this log since {}: {}", path.string(),
                     description(*holder.writer), holder.writer->started, advice(holder));
}

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
    if (!holder->writer || !agree(holder->writer->role, role)) refuse_role(path, *holder, role);
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
