#include "exec/runner/slot_output.hpp"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace malet::exec {

namespace {

constexpr std::size_t most_at_once = std::size_t{4} << 20U;

[[noreturn]] void fail(const std::filesystem::path& path) {
  throw std::system_error(errno, std::generic_category(), path.string());
}

// O_APPEND: when the file is emptied, a running host goes on writing at its start.
base::Descriptor open_output(const std::filesystem::path& path) {
  base::Descriptor file(
      ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600));
  if (!file.is_open()) fail(path);
  return file;
}

std::size_t size_of(const base::Descriptor& file) {
  struct stat about {};
  return ::fstat(file.get(), &about) == 0 ? static_cast<std::size_t>(about.st_size) : 0;
}

std::string read_at(const base::Descriptor& file, std::size_t offset, std::size_t count) {
  std::string text(count, '\0');
  const ssize_t got = ::pread(file.get(), text.data(), count, static_cast<off_t>(offset));
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return text;
}

void copy(const base::Descriptor& from, const std::filesystem::path& path) {
  const base::Descriptor to(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!to.is_open()) fail(path);
  off_t offset = 0;
  auto left = size_of(from);
  while (left > 0) {
    const ssize_t got = ::sendfile(to.get(), from.get(), &offset, left);
    if (got < 0) fail(path);
    if (got == 0) return;
    left -= static_cast<std::size_t>(got);
  }
}

}  // namespace

SlotOutput::SlotOutput(const std::filesystem::path& folder)
    : out_(open_output(folder / "stdout")), err_(open_output(folder / "stderr")) {}

void SlotOutput::clear() {
  for (const base::Descriptor* file : {&out_, &err_}) {
    if (size_of(*file) > 0) (void)!::ftruncate(file->get(), 0);
  }
}

std::string SlotOutput::error_tail(std::size_t most) const {
  const std::size_t size = size_of(err_);
  const std::size_t count = std::min(size, most);
  if (count == 0) return {};
  return read_at(err_, size - count, count);
}

std::size_t SlotOutput::out_size() const {
  return size_of(out_);
}

std::string SlotOutput::out_from(std::size_t offset) const {
  const std::size_t size = size_of(out_);
  return offset >= size ? std::string()
                        : read_at(out_, offset, std::min(size - offset, most_at_once));
}

void SlotOutput::keep(const std::filesystem::path& folder) const {
  if (size_of(out_) == 0 && size_of(err_) == 0) return;
  std::filesystem::create_directories(folder);
  if (size_of(out_) > 0) copy(out_, folder / "stdout");
  if (size_of(err_) > 0) copy(err_, folder / "stderr");
}

}  // namespace malet::exec
