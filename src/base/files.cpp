#include "base/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/descriptor.hpp"
#include "malet/error.hpp"

namespace malet::base {

namespace {

constexpr std::size_t block_size = 1 << 20;

[[noreturn]] void fail_reading(const std::filesystem::path& path, int error) {
  throw Error(ErrorKind::bad_input,
              fmt::format("{}: cannot be read: {}", path.string(), std::strerror(error)));
}

/// Makes a rename in the folder last. File systems that cannot sync a folder do it by themselves.
void sync_folder(const std::filesystem::path& folder) {
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.is_open()) (void)::fsync(opened.get());
}

}  // namespace

std::string read_file(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat about {};
  if (!file.is_open() || ::fstat(file.get(), &about) != 0) fail_reading(path, errno);
  if (S_ISDIR(about.st_mode)) fail_reading(path, EISDIR);
  if (!S_ISREG(about.st_mode)) {
    throw Error(ErrorKind::bad_input, fmt::format("{}: is not a regular file", path.string()));
  }
  std::string text(static_cast<std::size_t>(about.st_size), '\0');
  std::size_t filled = 0;
  while (filled < text.size()) {
    const ssize_t got = ::read(file.get(), text.data() + filled, text.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_reading(path, errno);
    if (got == 0) break;  // it shrank meanwhile
    filled += static_cast<std::size_t>(got);
  }
  text.resize(filled);
  return text;
}

bool append_to_file(const std::filesystem::path& path, std::string_view text) {
  std::error_code ignored;
  std::filesystem::create_directories(path.parent_path(), ignored);
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666));
  struct stat about {};
  if (!file.is_open() || ::fstat(file.get(), &about) != 0) return false;
  const ssize_t got = ::write(file.get(), text.data(), text.size());
  if (got == static_cast<ssize_t>(text.size())) return true;
  if (got > 0) (void)!::ftruncate(file.get(), about.st_size);
  return false;
}

AtomicFile::AtomicFile(std::filesystem::path path) : path_(std::move(path)) {
  std::error_code ignored;
  std::error_code unmade;
  if (path_.has_parent_path()) std::filesystem::create_directories(path_.parent_path(), unmade);
  if (unmade) {
    errno = unmade.value();  // the open below would only say that the folder is not there
    fail("opened");
  }
  // A link is replaced where it points to, so that it stays a link.
  if (std::filesystem::is_symlink(path_, ignored)) {
    const auto target = std::filesystem::canonical(path_, ignored);
    if (!ignored) path_ = target;
  }
  temporary_ = path_;
  temporary_ += fmt::format(".tmp.{}", ::getpid());
  descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail("opened");
  struct stat about {};
  if (::stat(path_.c_str(), &about) == 0) (void)::fchmod(descriptor_, about.st_mode & 07777U);
}

AtomicFile::~AtomicFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(temporary_.c_str());
}

void AtomicFile::fail(const std::string& what) {
  const int error = errno;
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
  ::unlink(temporary_.c_str());
  throw Error(ErrorKind::internal, fmt::format("{}: cannot be {}: {}; the file is as it was before",
                                               path_.string(), what, std::strerror(error)));
}

void AtomicFile::write(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() >= block_size) flush();
}

void AtomicFile::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t put = ::write(descriptor_, rest.data(), rest.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail("written");
    rest.remove_prefix(static_cast<std::size_t>(put));
  }
  buffer_.clear();
}

void AtomicFile::commit() {
  flush();
  if (::fsync(descriptor_) != 0) fail("synced");
  const int closing = descriptor_;
  descriptor_ = -1;
  // A full disk or a quota may show only now on network file systems.
  if (::close(closing) != 0) fail("written");
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail("replaced");
  sync_folder(path_.has_parent_path() ? path_.parent_path() : std::filesystem::path("."));
}

}  // namespace malet::base
