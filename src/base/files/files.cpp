#include "base/files/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "base/files/descriptor.hpp"
#include "base/text/reject.hpp"
#include "malet/error.hpp"

namespace malet::base {

namespace {

constexpr std::size_t block_size = 1 << 20;
constexpr std::string_view temporary_suffix = ".tmp.";
constexpr std::chrono::milliseconds look_again(5);
constexpr int most_looks = 20;  // at a file that does not change

[[noreturn]] void fail_reading(const std::filesystem::path& path, int error) {
  reject("{}: cannot be read: {}", path.string(), std::strerror(error));
}

std::int64_t size_of(const Descriptor& file) {
  struct stat about {};
  return ::fstat(file.get(), &about) == 0 ? about.st_size : 0;
}

/// Whether a crash cut off the last line. Waits while the file grows: then another process is
/// writing the line.
bool ends_within_line(const Descriptor& file) {
  std::int64_t seen = -1;
  for (int look = 0; look < most_looks; ++look) {
    const std::int64_t size = size_of(file);
    char last = '\n';
    if (size > 0) (void)!::pread(file.get(), &last, 1, size - 1);
    if (last == '\n') return false;
    if (size != seen) look = 0;
    seen = size;
    std::this_thread::sleep_for(look_again);
  }
  return true;
}

/// Takes back what a write put at the end, unless another process has written behind it.
void take_back(const Descriptor& file, std::int64_t written) {
  const std::int64_t end = ::lseek(file.get(), 0, SEEK_CUR);
  if (end >= written && size_of(file) == end) (void)!::ftruncate(file.get(), end - written);
}

/// Makes missing folders of a path, and replaces a link by the path that it leads to, so that the
/// link stays when its file is replaced. Returns the errno value of the failure, or 0.
int prepare(std::filesystem::path& path) {
  std::error_code unmade;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), unmade);
  std::error_code ignored;
  if (std::filesystem::is_symlink(path, ignored)) {
    const auto target = std::filesystem::canonical(path, ignored);
    if (!ignored) path = target;
  }
  return unmade.value();
}

std::filesystem::path temporary_of(const std::filesystem::path& path) {
  std::filesystem::path temporary = path;
  temporary += fmt::format("{}{}", temporary_suffix, ::getpid());
  return temporary;
}

/// Gives a file the mode of the file that it will replace.
void take_mode(int descriptor, const std::filesystem::path& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) == 0) (void)::fchmod(descriptor, about.st_mode & 07777U);
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

/// Whether `file` is a temporary file of the file `name`, or of any file when `name` is empty.
bool is_temporary(const std::string& file, const std::string& name) {
  const std::size_t suffix = file.rfind(temporary_suffix);
  if (suffix == std::string::npos || (!name.empty() && file.substr(0, suffix) != name))
    return false;
  const std::size_t number = suffix + temporary_suffix.size();
  return number < file.size() && file.find_first_not_of("0123456789", number) == std::string::npos;
}

void remove_temporaries_of(const std::filesystem::path& folder, const std::string& name) {
  std::error_code ignored;
  for (const auto& file : entries(folder, ignored)) {
    if (is_temporary(file.filename().string(), name)) std::filesystem::remove(file, ignored);
  }
}

[[noreturn]] void fail_replacing(const std::filesystem::path& path, std::string_view what,
                                 int error) {
  throw Error(ErrorKind::internal, fmt::format("{}: cannot be {}: {}; the file is as it was before",
                                               path.string(), what, std::strerror(error)));
}

}  // namespace

bool exists(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

bool is_there(const std::filesystem::path& path) {
  std::error_code error;
  const auto type = std::filesystem::symlink_status(path, error).type();
  if (type == std::filesystem::file_type::none) fail_reading(path, error.value());
  return type != std::filesystem::file_type::not_found;
}

std::vector<std::filesystem::path> entries(const std::filesystem::path& folder,
                                           std::error_code& error) {
  std::vector<std::filesystem::path> found;
  std::filesystem::directory_iterator entry(folder, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    found.push_back(entry->path());
  }
  return found;
}

void sync_folder(const std::filesystem::path& folder) {
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.get() >= 0) (void)::fsync(opened.get());
}

void require_replaceable(const std::filesystem::path& path) {
  const auto refuse = [&path](std::string_view what) {
    reject("{}: {}: give the path of a file", path.string(), what);
  };
  if (path.empty()) reject("the file to write has no name: give one");
  std::error_code ignored;
  const auto there = std::filesystem::status(path, ignored);
  if (!path.has_filename() || std::filesystem::is_directory(there)) refuse("is a folder");
  const bool is_known = there.type() != std::filesystem::file_type::unknown;
  if (is_known && std::filesystem::is_other(there)) refuse("is not a regular file");
}

std::string read_file(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat about {};
  if (file.get() < 0 || ::fstat(file.get(), &about) != 0) fail_reading(path, errno);
  if (S_ISDIR(about.st_mode)) fail_reading(path, EISDIR);
  if (!S_ISREG(about.st_mode)) reject("{}: is not a regular file", path.string());
  std::string text(static_cast<std::size_t>(about.st_size), '\0');
  text.resize(read_at(file.get(), text, 0));  // the file may have shrunk meanwhile
  if (errno != 0) fail_reading(path, errno);
  return text;
}

std::size_t read_at(int descriptor, std::span<char> to, std::uint64_t at) {
  std::size_t filled = 0;
  errno = 0;
  while (filled < to.size()) {
    const ssize_t got = ::pread(descriptor, to.data() + filled, to.size() - filled,
                                static_cast<off_t>(at + filled));
    if (got < 0 && errno != EINTR) return filled;
    if (got == 0) break;
    if (got > 0) filled += static_cast<std::size_t>(got);
  }
  errno = 0;
  return filled;
}

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = ::write(descriptor, text.data(), text.size());
    if (put < 0 && errno != EINTR) return false;
    if (put > 0) text.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

std::uint32_t checksum(std::string_view text, std::uint32_t before) {
  const auto* bytes = reinterpret_cast<const Bytef*>(text.data());
  return static_cast<std::uint32_t>(::crc32_z(before, bytes, text.size()));
}

bool append_to_file(const std::filesystem::path& path, std::string_view text) {
  std::error_code ignored;
  std::filesystem::create_directories(path.parent_path(), ignored);
  const Descriptor file(::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666));
  if (file.get() < 0) return false;
  const std::string lines =
      ends_within_line(file) ? std::string("\n").append(text) : std::string(text);
  const ssize_t got = ::write(file.get(), lines.data(), lines.size());
  if (got == static_cast<ssize_t>(lines.size())) return true;
  if (got < 0) return false;
  take_back(file, got);
  errno = ENOSPC;
  return false;
}

AtomicFile::AtomicFile(std::filesystem::path path) : path_(std::move(path)) {
  if (const int unmade = prepare(path_); unmade != 0) {
    errno = unmade;  // the open below would only say that the folder is not there
    fail("opened");
  }
  temporary_ = temporary_of(path_);
  descriptor_ = ::open(temporary_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail("opened");
  take_mode(descriptor_, path_);
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
  fail_replacing(path_, what, error);
}

void AtomicFile::write(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() >= block_size) flush();
}

void AtomicFile::flush() {
  size_ += buffer_.size();
  checksum_ = base::checksum(buffer_, checksum_);
  if (!write_all(descriptor_, buffer_)) fail("written");
  buffer_.clear();
}

void AtomicFile::commit(const std::function<void()>& last_check) {
  Descriptor file = commit_open(last_check);
  // A network file system may report a full disk or a quota only here.
  if (::close(file.release()) != 0) {
    throw Error(ErrorKind::internal,
                fmt::format("{}: cannot be written: {}", path_.string(), std::strerror(errno)));
  }
}

Descriptor AtomicFile::commit_open(const std::function<void()>& last_check) {
  flush();
  if (::fsync(descriptor_) != 0) fail("synced");
  if (last_check) last_check();
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail("replaced");
  sync_folder(folder_of(path_));
  return Descriptor(std::exchange(descriptor_, -1));
}

AtomicPath::AtomicPath(std::filesystem::path path) : path_(std::move(path)) {
  (void)prepare(path_);  // the library that writes the file reports a failure
  temporary_ = temporary_of(path_);
}

AtomicPath::~AtomicPath() {
  ::unlink(temporary_.c_str());  // fails harmlessly after commit()
}

void AtomicPath::commit(const std::function<void()>& last_check) {
  const Descriptor file(::open(temporary_.c_str(), O_RDWR | O_CLOEXEC));
  if (!file.is_open()) fail_replacing(path_, "opened", errno);
  take_mode(file.get(), path_);
  if (::fsync(file.get()) != 0) fail_replacing(path_, "synced", errno);
  if (last_check) last_check();
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail_replacing(path_, "replaced", errno);
  sync_folder(folder_of(path_));
}

void remove_temporaries(const std::filesystem::path& path) {
  remove_temporaries_of(folder_of(path), path.filename().string());
}

void remove_temporaries_in(const std::filesystem::path& folder) {
  remove_temporaries_of(folder, {});
}

}  // namespace malet::base
