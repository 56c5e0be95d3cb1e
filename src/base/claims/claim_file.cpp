#include "base/claims/claim_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "base/files/files.hpp"

namespace malet::base {

namespace {

using Path = std::filesystem::path;

constexpr std::size_t longest = std::size_t{16} << 10U;

bool write_text(const Descriptor& file, std::string_view text, bool on_disk) {
  if (!write_all(file.get(), text)) return false;
  // A network file system may report a full disk only when it syncs.
  return !on_disk || ::fsync(file.get()) == 0 || errno == EINVAL;
}

}  // namespace

int lock_file(int descriptor) {
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
#ifdef F_OFD_SETLK
  // Unlike the older kind these exclude threads of one process, and closing another descriptor of
  // the file does not drop them. The two kinds exclude each other.
  if (::fcntl(descriptor, F_OFD_SETLK, &whole) == 0) return 0;
  if (errno != EINVAL) return -1;
#endif
  return ::fcntl(descriptor, F_SETLK, &whole);
}

FileLock try_lock(const ClaimMeans& means, const Descriptor& file) {
  if (means.lock(file.get()) == 0) return FileLock::held;
  const bool is_busy = errno == EAGAIN || errno == EACCES || errno == EINTR;
  return is_busy ? FileLock::busy : FileLock::unsupported;
}

Descriptor new_file(const Path& path, std::string_view text, bool on_disk) {
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!file.is_open() || write_text(file, text, on_disk)) return file;
  const int error = errno;
  ::unlink(path.c_str());
  file.close();
  errno = error;
  return file;
}

Descriptor open_old(const Path& path) {
  Descriptor file(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK));
  if (file.is_open() || errno != EACCES) return file;
  return Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
}

Descriptor open_named(const Path& path) {
  return Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
}

bool is_same_file(const Descriptor& one, const Descriptor& other) {
  struct stat a {};
  struct stat b {};
  return ::fstat(one.get(), &a) == 0 && ::fstat(other.get(), &b) == 0 && a.st_dev == b.st_dev &&
         a.st_ino == b.st_ino;
}

bool links_do_not_work(int error) {
  return error == EPERM || error == ENOTSUP || error == ENOSYS || error == EMLINK;
}

std::string small_text(int descriptor) {
  std::string text(longest, '\0');
  text.resize(read_at(descriptor, text, 0));
  return text;
}

}  // namespace malet::base
