#pragma once

#include <stdexcept>
#include <string>

namespace malet {

/// What a `malet-mpi` process leaves with; the same code on every rank.
enum class ExitCode : int {
  complete = 0,     ///< every config is complete
  some_failed = 1,  ///< everything was run, some configs failed
  bad_input = 2,    ///< bad usage, or a file that cannot be used
  refused = 3,      ///< somebody else is writing this experiment
  internal = 70,    ///< a failure that is neither the user's nor the input's
  stopped = 75,     ///< stopped before everything was run: start again and it goes on
};

/// Why an operation could not be done. The kind decides the exit code.
enum class ErrorKind {
  bad_input,  ///< the user's file, value or flag cannot be used
  refused,    ///< another writer holds what is wanted
  internal,   ///< everything else: a full disk, a lost rank, a bug
};

/// The one exception type of this library.
///
/// `what()` is one sentence that names the file, line or field and says what to do about it.
/// A failed experiment is data (status F in the log), never an exception.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& sentence) : std::runtime_error(sentence), kind_(kind) {}

  [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }

  /// The exit code that a program ending by this error leaves with.
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
