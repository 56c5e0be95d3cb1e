#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/claims/writer_file.hpp"
#include "base/files/files.hpp"
#include "base/files/process_facts.hpp"

namespace malet::test {

/// A writer that lives on this machine for as long as the test: the process that started it.
inline base::Writer living_writer(base::WriterRole role = {}) {
  base::Writer writer = base::this_writer(std::move(role));
  writer.pid = ::getppid();
  writer.pid_start_time = base::process_start_time(writer.pid);
  return writer;
}

/// One on this machine that has died: its pid is another process's now.
inline base::Writer dead_writer(base::WriterRole role = {}) {
  base::Writer writer = living_writer(std::move(role));
  ++writer.pid_start_time;
  return writer;
}

inline base::Writer distant_writer(base::WriterRole role = {}) {
  base::Writer writer = base::this_writer(std::move(role));
  writer.host = "elsewhere";
  return writer;
}

/// Puts a file in its place by rename, as takers do.
inline void put_file(const std::filesystem::path& path, const std::string& text) {
  const auto beside = path.string() + ".put";
  std::ofstream(beside, std::ios::binary) << text;
  std::filesystem::rename(beside, path);
}

inline void put_writer(const std::filesystem::path& path, const base::Writer& writer) {
  put_file(path, base::writer_text(writer));
}

/// Makes a file so many seconds old; less than zero is in the future.
inline void make_old(const std::filesystem::path& path, time_t seconds) {
  const timespec time{::time(nullptr) - seconds, 0};
  const timespec times[2] = {time, time};
  ::utimensat(AT_FDCWD, path.c_str(), times, 0);
}

/// Seconds since a file was written or touched.
inline time_t age(const std::filesystem::path& path) {
  struct stat about {};
  ::stat(path.c_str(), &about);
  return ::time(nullptr) - about.st_mtime;
}

/// Runs a function in a child process; its exit status is what the function gives, or 70.
template <typename Function>
pid_t start_child(Function function) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  try {
    ::_exit(function());
  } catch (...) {
    ::_exit(70);
  }
}

inline int exit_status(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace malet::test
