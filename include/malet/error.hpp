#pragma once

#include <stdexcept>
#include <string>

namespace malet {

/// The exit code of a `malet-mpi` process, the same on every rank.
enum class ExitCode : int {
  complete = 0,     ///< every config is complete
  some_failed = 1,  ///< every config was run, some failed
  bad_input = 2,    ///< wrong usage, or a file that cannot be used
  refused = 3,      ///< another job is writing this experiment
  internal = 70,    ///< any other failure
  stopped = 75,     ///< stopped before every config was run: start again to go on
};

/// Why an operation failed. The kind decides the exit code.
enum class ErrorKind {
  bad_input,  ///< the user's file, value or flag cannot be used
  refused,    ///< another writer holds the log
  internal,   ///< any other reason: a full disk, a lost rank, a bug
};

/// The one exception type of this library.
///
/// `what()` is one sentence with the file, line or field, and what to do about it. A failed run is
/// data (status F in the log), never an exception.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& sentence) : std::runtime_error(sentence), kind_(kind) {}

  [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }

  /// The exit code of a program that ends by this error.
  [[nodiscard]] ExitCode exit_code() const noexcept {
    switch (kind_) {
      case ErrorKind::bad_input:
        return ExitCode::bad_input;
      case ErrorKind::refused:
        return ExitCode::refused;
      case ErrorKind::internal:
        break;
    }
    return ExitCode::internal;
  }

 private:
  ErrorKind kind_;
};

}  // namespace malet
