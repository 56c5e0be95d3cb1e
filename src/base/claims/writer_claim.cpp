#include "base/claims/writer_claim.hpp"

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
#include <vector>

#include "base/files/paths.hpp"
#include "base/text/reject.hpp"
#include "malet/error.hpp"

// Whoever takes a file over holds a lock on the old one from before the last look until after the
// rename, and checks under the lock that the old one still bears the name. Who removes the file
// locks it as well. So nobody's file goes between somebody else's look at it and what follows.
// Network file systems may do all that for one machine only: hence the token that is read again.
namespace malet::base {

namespace {

using Path = std::filesystem::path;

// While others hold the lock of a dead holder's file.
constexpr std::chrono::milliseconds pause(20);
constexpr int patience = 500;

[[noreturn]] void fail(const Path& path, int error) {
  reject("{}: cannot be made: {}; a log is written where its folder can be", path.string(),
         std::strerror(error));
}

[[noreturn]] void refuse(const Path& path, const std::optional<Holder>& holder) {
  if (holder && holder->alive) throw Error(ErrorKind::refused, refusal(path, *holder));
  throw Error(ErrorKind::refused,
              fmt::format("{}: another job is about to write this log: start again when it has "
                          "ended",
                          path.string()));
}

void make_folder(const Path& path) {
  std::error_code error;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), error);
  if (error) fail(path, error.value());
}

std::int64_t seconds_of(const struct stat& about) {
  return about.st_mtim.tv_sec;
}

/// Removes the drafts of those who were killed while they had no other name. Young ones are of jobs
/// that are about to claim a log of this folder.
void remove_old_drafts(const Path& writer, const Descriptor& ours) {
  struct stat about {};
  if (::fstat(ours.get(), &about) != 0) return;
  const std::int64_t now = seconds_of(about);
  const std::string prefix = paths::writer_draft(writer, "").filename().string();
  const Path folder = writer.has_parent_path() ? writer.parent_path() : Path(".");
  std::error_code error;
  std::vector<Path> found;
  std::filesystem::directory_iterator entry(folder, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    const bool is_draft = entry->path().filename().string().starts_with(prefix);
    const bool is_old = is_draft && ::lstat(entry->path().c_str(), &about) == 0 &&
                        std::chrono::seconds(now - seconds_of(about)) > writer_patience;
    if (is_old) found.push_back(entry->path());
  }
  for (const Path& draft : found) ::unlink(draft.c_str());
}

}  // namespace

/// Our text in a file beside, until it has got its name.
class WriterClaim::Draft {
 public:
  Draft(const Path& writer, const std::string& token, std::string_view text)
      : path_(paths::writer_draft(writer, token)), file_(new_file(path_, text)) {
    if (!file_.is_open()) fail(writer, errno);
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft() { ::unlink(path_.c_str()); }

  [[nodiscard]] const char* path() const { return path_.c_str(); }
  [[nodiscard]] Descriptor take() { return std::move(file_); }

 private:
  Path path_;
  Descriptor file_;
};

WriterClaim::WriterClaim(Path path, const Writer& writer, const ClaimMeans& means)
    : path_(std::move(path)), token_(writer.token), text_(writer_text(writer)), means_(means) {
  make_folder(path_);
  Draft draft(path_, token_, text_);
  for (int i = 0; i < patience; ++i) {
    if (make(draft) || take_over(draft)) {
      remove_old_drafts(path_, file_);
      return;
    }
    std::this_thread::sleep_for(pause);
  }
  refuse(path_, holder_of(path_));
}

WriterClaim::~WriterClaim() {
  // Who holds the lock takes us for dead, and replaces the file.
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
  if (errno != EEXIST) fail(path_, errno);
  return false;
}

bool WriterClaim::make_exclusively() {
  Descriptor file = new_file(path_, text_);
  if (!file.is_open() && errno != EEXIST) fail(path_, errno);
  file_ = std::move(file);
  return file_.is_open();
}

/// False: look again, somebody else has changed something.
bool WriterClaim::take_over(Draft& draft) {
  const Descriptor old = open_old(path_);
  if (!old.is_open() && errno == ENOENT) return false;
  if (!old.is_open()) fail(path_, errno);
  const Holder holder = holder_in(old.get(), path_);
  // A server's answer that got lost makes a link that has come about look like somebody else's.
  if (holder.writer && holder.writer->token == token_) {
    file_ = draft.take();
    return true;
  }
  if (holder.alive) refuse(path_, holder);
  return replace(old, draft);
}

bool WriterClaim::replace(const Descriptor& old, Draft& draft) {
  if (lock(old) == FileLock::busy) return false;
  // Opened anew, since what a network file system knows of a name may be old; and left open, since
  // closing it might drop the lock.
  const Descriptor named = open_named(path_);
  if (!named.is_open() || !is_same_file(old, named)) return false;
  if (holder_in(old.get(), path_).alive) return false;
  if (::rename(draft.path(), path_.c_str()) != 0) fail(path_, errno);
  file_ = draft.take();
  std::this_thread::sleep_for(means_.settle);
  if (!still_ours()) refuse(path_, holder_of(path_));
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

}  // namespace malet::base
