#include "exec/host/line_socket.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace malet::exec {

namespace {

constexpr std::size_t read_size = std::size_t{64} << 10U;

}  // namespace

std::pair<LineSocket, base::Descriptor> LineSocket::make_pair() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    throw std::system_error(errno, std::generic_category(), "socketpair");
  }
  base::Descriptor mine(ends[0]);
  base::Descriptor theirs(ends[1]);
  ::fcntl(mine.get(), F_SETFL, O_NONBLOCK);
  return {LineSocket(std::move(mine)), std::move(theirs)};
}

void LineSocket::send(std::string_view line) {
  if (state_ == State::closed) return;
  unsent_.append(line);
  unsent_ += '\n';
  flush();
}

void LineSocket::finish() {
  ::shutdown(descriptor_.get(), SHUT_WR);
}

void LineSocket::flush() {
  std::size_t sent = 0;
  while (sent < unsent_.size()) {
    const ssize_t got =
        ::send(descriptor_.get(), unsent_.data() + sent, unsent_.size() - sent, MSG_NOSIGNAL);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      if (errno != EAGAIN && errno != EWOULDBLOCK) {
        // The other end is gone, but its last lines can still be read.
        unsent_.clear();
        return;
      }
      break;
    }
    sent += static_cast<std::size_t>(got);
  }
  unsent_.erase(0, sent);
}

std::optional<std::string_view> LineSocket::take_line() {
  const std::size_t end = buffer_.find('\n', scanned_);
  if (end == std::string::npos) {
    scanned_ = buffer_.size();
    if (buffer_.size() - begin_ > longest_line) state_ = State::garbled;
    return std::nullopt;
  }
  const std::string_view line(buffer_.data() + begin_, end - begin_);
  begin_ = scanned_ = end + 1;
  if (line.size() > longest_line) {
    state_ = State::garbled;
    return std::nullopt;
  }
  return line;
}

std::optional<std::string_view> LineSocket::receive() {
  while (state_ != State::garbled) {
    if (auto line = take_line()) return line;
    if (state_ != State::open) return std::nullopt;
    buffer_.erase(0, begin_);
    scanned_ -= begin_;
    begin_ = 0;
    std::array<char, read_size> chunk;  // not initialised: most lines are short
    const ssize_t got = ::recv(descriptor_.get(), chunk.data(), chunk.size(), 0);
    if (got > 0) {
      buffer_.append(chunk.data(), static_cast<std::size_t>(got));
    } else if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      return std::nullopt;
    } else if (got == 0 || errno != EINTR) {
      state_ = State::closed;
    }
  }
  return std::nullopt;
}

}  // namespace malet::exec
