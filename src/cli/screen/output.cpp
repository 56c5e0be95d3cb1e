#include "cli/screen/output.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>

namespace malet::cli {

namespace {

/// Keeps SIGPIPE from this thread and takes away the one that a write has raised meanwhile. To
/// ignore the signal in the whole process would change it for the programs that runs start.
class PipeSignalBlock {
 public:
  PipeSignalBlock() {
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  PipeSignalBlock(const PipeSignalBlock&) = delete;
  PipeSignalBlock& operator=(const PipeSignalBlock&) = delete;
  ~PipeSignalBlock() {
    const timespec now{};
    if (!was_pending_) sigtimedwait(&pipe_, nullptr, &now);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t pipe_{};
  sigset_t before_{};
  bool was_pending_ = false;
};

/// Waits until a descriptor that somebody made non-blocking takes more.
void wait_writable(int descriptor) {
  pollfd wanted{descriptor, POLLOUT, 0};
  poll(&wanted, 1, -1);
}

}  // namespace

bool Output::write(std::string_view text) {
  if (muted_ || closed_) return false;
  const PipeSignalBlock block;
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor_, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      wait_writable(descriptor_);
    } else if (errno != EINTR) {
      closed_ = true;
      if (errno != EPIPE) failure_ = std::strerror(errno);
      return false;
    }
  }
  return true;
}

void occupy_standard_streams() {
  // The lowest free number is taken. Read-only: writing still fails, and is told.
  int opened = 0;
  while (opened >= 0 && opened <= 2) opened = ::open("/dev/null", O_RDONLY);
  if (opened > 2) ::close(opened);
}

bool Output::is_terminal() const {
  return !muted_ && isatty(descriptor_) == 1;
}

std::size_t Output::width() const {
  winsize size{};
  const bool known = ioctl(descriptor_, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 120;
}

}  // namespace malet::cli
