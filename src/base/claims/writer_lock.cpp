#include "base/claims/writer_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "base/files/files.hpp"
#include "base/files/paths.hpp"
#include "base/text/reject.hpp"
#include "malet/error.hpp"

// A job that replaces a dead holder's file locks that file, checks that it still has the name, and
// renames its own over it before it unlocks. A job that removes its file locks it as well. So a
// file never changes between another job's check and what follows from it. Network file systems may
// lock for one machine only: hence the token is read again after the rename.
namespace malet::base {

namespace {

using Path = std::filesystem::path;

// How long to wait while others hold the lock of a dead holder's file.
constexpr std::chrono::milliseconds pause(20);
constexpr int patience = 500;

[[noreturn]] void fail_making(const Path& path, int error) {
  reject("{}: cannot be made: {}; a log is written where its folder can be", path.string(),
         std::strerror(error));
}

[[noreturn]] void refuse_claim(const Path& path, const std::optional<Holder>& holder) {
  if (holder && holder->alive) throw Error(ErrorKind::refused, refusal(path, *holder));
  throw Error(ErrorKind::refused,
              fmt::format("{}: another job is about to write this log: start again when it has "
                          "ended",
                          path.string()));
}

void make_folder(const Path& path) {
  std::error_code error;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), error);
  if (error) fail_making(path, error.value());
}

/// Removes drafts that killed jobs left. Younger drafts belong to jobs that are claiming a log of
/// this folder right now.
void remove_old_drafts(const Path& writer, const Descriptor& ours) {
  struct stat about {};
  if (::fstat(ours.get(), &about) != 0) return;
  const std::int64_t now = about.st_mtim.tv_sec;
  const std::string prefix = paths::writer_draft(writer, "").filename().string();
  const Path folder = writer.has_parent_path() ? writer.parent_path() : Path(".");
  std::error_code ignored;
  for (const Path& file : entries(folder, ignored)) {
    const bool is_draft = file.filename().string().starts_with(prefix);
    const bool is_old = is_draft && ::lstat(file.c_str(), &about) == 0 &&
                        std::chrono::seconds(now - about.st_mtim.tv_sec) > writer_patience;
    if (is_old) ::unlink(file.c_str());
  }
}

}  // namespace

WriterClaim::WriterClaim(Path path, const Writer& writer, const ClaimMeans& means)
    : path_(std::move(path)), token_(writer.token), text_(writer_text(writer)), means_(means) {
  make_folder(path_);
  Draft draft(paths::writer_draft(path_, token_), text_, true);
  if (!draft.is_made()) fail_making(path_, errno);
  for (int i = 0; i < patience; ++i) {
    if (make(draft) || take_over(draft)) {
      remove_old_drafts(path_, file_);
      return;
    }
    std::this_thread::sleep_for(pause);
  }
  refuse_claim(path_, holder_of(path_));
}

WriterClaim::~WriterClaim() {
  // A job that holds the lock takes us for dead and replaces the file.
  if (lock(file_) == FileLock::busy) return;
  const Descriptor named = open_named(path_);
  if (named.is_open() && token_in(named.get()) == token_) ::unlink(path_.c_str());
}

bool WriterClaim::make(Draft& draft) {
  if (means_.link(draft.path(), path_.c_str()) == 0) {
    file_ = draft.take();
    return true;
  }
  if (links_do_not_work(errno)) return make_exclusively();
  if (errno != EEXIST) fail_making(path_, errno);
  return false;
}

bool WriterClaim::make_exclusively() {
  Descriptor file = new_file(path_, text_);
  if (!file.is_open() && errno != EEXIST) fail_making(path_, errno);
  file_ = std::move(file);
  return file_.is_open();
}

/// False when another job has changed the file meanwhile: the caller tries again.
bool WriterClaim::take_over(Draft& draft) {
  const Descriptor old = open_old(path_);
  if (!old.is_open() && errno == ENOENT) return false;
  if (!old.is_open()) fail_making(path_, errno);
  const Holder holder = holder_in(old.get(), path_);
  // Our link was made and only the file server's answer was lost.
  if (holder.writer && holder.writer->token == token_) {
    file_ = draft.take();
    return true;
  }
  if (holder.alive) refuse_claim(path_, holder);
  return replace(old, draft);
}

bool WriterClaim::replace(const Descriptor& old, Draft& draft) {
  if (lock(old) == FileLock::busy) return false;
  // Opened again, since a network file system may have cached the name; left open, since closing it
  // might drop the lock.
  const Descriptor named = open_named(path_);
  if (!named.is_open() || !is_same_file(old, named)) return false;
  if (holder_in(old.get(), path_).alive) return false;
  if (!draft.take_name(path_)) fail_making(path_, errno);
  file_ = draft.take();
  std::this_thread::sleep_for(means_.settle);
  if (!still_ours()) refuse_claim(path_, holder_of(path_));
  return true;
}

FileLock WriterClaim::lock(const Descriptor& file) {
  const FileLock lock = try_lock(means_, file);
  if (lock != FileLock::unsupported) return lock;
  warning_ = fmt::format(
      "{}: files cannot be locked here ({}): do not start two jobs on one log at the same moment",
      path_.string(), std::strerror(errno));
  return lock;
}

bool WriterClaim::still_ours() const {
  const Descriptor named = open_named(path_);
  if (!named.is_open()) return errno != ENOENT && errno != ENOTDIR && errno != ESTALE;
  return token_in(named.get()) == token_;
}

void WriterClaim::touch() const {
  (void)::futimens(file_.get(), nullptr);
}

WriterLock::WriterLock(const std::filesystem::path& log, WriterRole role,
                       std::chrono::milliseconds interval, const ClaimMeans& means)
    : writer_(this_writer(std::move(role))), claim_(paths::writer(log), writer_, means) {
  toucher_.start([this, interval] { keep_touching(interval); });
}

WriterLock::~WriterLock() {
  {
    const std::lock_guard lock(mutex_);
    leaving_ = true;
  }
  wake_.notify_all();
  toucher_.wait();
}

void WriterLock::keep_touching(std::chrono::milliseconds interval) {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, interval, [this] { return leaving_; })) claim_.touch();
}

}  // namespace malet::base
