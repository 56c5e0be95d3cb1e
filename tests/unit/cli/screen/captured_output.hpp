#pragma once

#include <unistd.h>

#include <array>
#include <cstdio>
#include <memory>
#include <string>

#include "cli/screen/output.hpp"

/// An Output whose text a test can read: a temporary file without a name.
class Captured {
 public:
  Captured() : file_(std::tmpfile(), &std::fclose), output_(fileno(file_.get())) {}

  malet::cli::Output& output() { return output_; }
  [[nodiscard]] int descriptor() const { return fileno(file_.get()); }

  [[nodiscard]] std::string text() const {
    std::string all;
    std::array<char, 4096> buffer{};
    while (true) {
      const auto offset = static_cast<off_t>(all.size());
      const ssize_t got = pread(descriptor(), buffer.data(), buffer.size(), offset);
      if (got <= 0) return all;
      all.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }

 private:
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  malet::cli::Output output_;
};
