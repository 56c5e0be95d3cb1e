#include "cli/screen/confirm.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "base/text/reject.hpp"
#include "malet/error.hpp"

namespace malet::cli {

void require_answer(const Console& console, bool yes) {
  if (yes || (::isatty(STDIN_FILENO) == 1 && console.out.is_terminal())) return;
  reject("there is no terminal to ask at: pass --yes");
}

bool confirmed(Console& console, const std::string& question, bool yes) {
  require_answer(console, yes);
  if (yes) return true;
  console.out.write(question + " [y/N] ");
  const auto answer = LineInput(STDIN_FILENO).read_line().value_or("");
  return answer == "y" || answer == "Y" || answer == "yes" || answer == "Yes";
}

std::optional<std::string> LineInput::read_line() {
  std::array<char, 4096> buffer{};
  std::size_t end = rest_.find('\n');
  while (end == std::string::npos) {
    const ssize_t got = ::read(descriptor_, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      if (rest_.empty()) return std::nullopt;
      return std::exchange(rest_, {});
    }
    rest_.append(buffer.data(), static_cast<std::size_t>(got));
    end = rest_.find('\n');
  }
  std::string line = rest_.substr(0, end);
  rest_.erase(0, end + 1);
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

}  // namespace malet::cli
