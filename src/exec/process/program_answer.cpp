#include "exec/process/program_answer.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "base/files/descriptor.hpp"
#include "exec/process/child.hpp"

namespace malet::exec {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds look(20);

/// A pipe for the child's output.
struct Stream {
  Stream() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
      throw std::system_error(errno, std::generic_category(), "pipe");
    }
    ours = base::Descriptor(ends[0]);
    theirs = base::Descriptor(ends[1]);
    // The child's end blocks, as programs expect.
    ::fcntl(ends[1], F_SETFL, O_WRONLY);
  }

  base::Descriptor ours;
  base::Descriptor theirs;
};

/// Reads what is there; closes the descriptor at the end of the stream.
void take(base::Descriptor& from, std::string& text) {
  std::array<char, 4096> buffer;
  const ssize_t size = ::read(from.get(), buffer.data(), buffer.size());
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (size <= 0) {
    from.close();
  } else {
    text.append(buffer.data(), static_cast<std::size_t>(size));
  }
}

/// A child whose output is read until it ends.
class Listener {
 public:
  explicit Listener(const ProgramQuestion& question)
      : question_(question), until_(Clock::now() + question.patience), child_(spec()) {
    out_.theirs.close();
    err_.theirs.close();
  }

  ProgramAnswer listen() {
    while (out_.ours.is_open() || err_.ours.is_open() || !child_.poll()) {
      if (is_over()) return std::move(answer_);
      rest();
    }
    const auto& end = child_.poll();
    if (!end->by_signal) answer_.code = end->code;
    return std::move(answer_);
  }

 private:
  ChildSpec spec() {
    return {question_.arguments, child_environment(own_environment(), question_.variables),
            out_.theirs.get(), err_.theirs.get()};
  }

  bool is_over() {
    answer_.took_too_long = Clock::now() >= until_;
    return answer_.took_too_long || question_.give_up() ||
           std::max(answer_.out.size(), answer_.err.size()) > question_.longest;
  }

  void rest() {
    std::array<pollfd, 2> streams = {pollfd{out_.ours.get(), POLLIN, 0},
                                     pollfd{err_.ours.get(), POLLIN, 0}};
    ::poll(streams.data(), streams.size(), static_cast<int>(look.count()));
    if (streams[0].revents != 0) take(out_.ours, answer_.out);
    if (streams[1].revents != 0) take(err_.ours, answer_.err);
  }

  const ProgramQuestion& question_;
  Clock::time_point until_;
  Stream out_;
  Stream err_;
  ProgramAnswer answer_;
  Child child_;
};

}  // namespace

ProgramAnswer ask_program(const ProgramQuestion& question) {
  try {
    return Listener(question).listen();
  } catch (const std::system_error&) {
    ProgramAnswer answer;
    answer.is_missing = true;
    return answer;
  }
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

}  // namespace malet::exec
