#include "record/journal/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/files/files.hpp"
#include "malet/error.hpp"

namespace malet::record {

namespace {

std::uint64_t next_file_id() {
  static std::atomic<std::uint64_t> last = 0;
  return ++last;
}

}  // namespace

Journal::Journal(std::filesystem::path file, std::string_view beginning)
    : path_(std::move(file)), file_id_(next_file_id()) {
  base::AtomicFile begun(path_);
  begun.write(beginning);
  file_ = begun.commit_open();
  written_ = beginning.size();
}

// Written at its place rather than at the end: what a full disk cut off is written over.
bool Journal::flush() {
  std::string_view rest = pending_;
  auto at = static_cast<off_t>(written_);
  while (!rest.empty()) {
    const ssize_t put = ::pwrite(file_.get(), rest.data(), rest.size(), at);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) {
      why_ = fmt::format("{}: cannot be written: {}", path_.string(), std::strerror(errno));
      (void)!::ftruncate(file_.get(), static_cast<off_t>(written_));
      return false;
    }
    rest.remove_prefix(static_cast<std::size_t>(put));
    at += put;
  }
  written_ += pending_.size();
  pending_.clear();
  why_.clear();
  return true;
}

std::string Journal::records_from(std::uint64_t from) const {
  std::string records(from < written_ ? written_ - from : 0, '\0');
  std::size_t filled = 0;
  while (filled < records.size()) {
    const ssize_t got = ::pread(file_.get(), records.data() + filled, records.size() - filled,
                                static_cast<off_t>(from + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      throw Error(ErrorKind::internal, fmt::format("{}: cannot be read again: {}", path_.string(),
                                                   std::strerror(got < 0 ? errno : EIO)));
    }
    filled += static_cast<std::size_t>(got);
  }
  records += pending_.substr(from > written_ ? from - written_ : 0);
  return records;
}

void Journal::restart(std::string_view beginning, std::uint64_t from,
                      const std::function<void()>& last_check) {
  const std::string kept = records_from(from);
  base::AtomicFile begun(path_);
  begun.write(beginning);
  begun.write(kept);
  file_ = begun.commit_open(last_check);
  file_id_ = next_file_id();
  written_ = beginning.size() + kept.size();
  pending_.clear();
  why_.clear();
}

void Journal::remove() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
  file_ = {};
}

base::Descriptor Journal::duplicate() const {
  return base::Descriptor(::fcntl(file_.get(), F_DUPFD_CLOEXEC, 0));
}

}  // namespace malet::record
