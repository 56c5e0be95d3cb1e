#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace malet::cli {

/// One of the process' output streams. Writing never throws and never raises SIGPIPE: a reader that
/// has gone (`| head`) ends the output without a word, and any other failure is kept for the end.
class Output {
 public:
  /// A muted one swallows everything: under a launcher rank 0 alone speaks.
  explicit Output(int descriptor, bool muted = false) : descriptor_(descriptor), muted_(muted) {}

  /// Lets a muted one speak from now on.
  void unmute() { muted_ = false; }

  /// Writes all of it; tells whether anybody takes more.
  bool write(std::string_view text);

  /// Whether nobody reads any more, or writing failed: further text is swallowed.
  [[nodiscard]] bool is_closed() const { return closed_; }
  /// The system's reason why writing failed; empty if it did not.
  [[nodiscard]] const std::string& failure() const { return failure_; }

  [[nodiscard]] bool is_terminal() const;
  /// Columns of the terminal; 120 where that is unknown.
  [[nodiscard]] std::size_t width() const;

 private:
  int descriptor_;
  bool muted_;
  bool closed_ = false;
  std::string failure_;
};

/// Gives the standard streams that the parent process closed descriptors that take nothing, as the
/// next file opened would otherwise get their numbers and with them our output.
void occupy_standard_streams();

/// What a command talks to.
struct Console {
  explicit Console(bool muted = false) : out(1, muted), err(2, muted) {}
  Console(int out_descriptor, int err_descriptor) : out(out_descriptor), err(err_descriptor) {}

  Output out;
  Output err;
};

}  // namespace malet::cli
