#include "cli/screen/confirm.hpp"

#include <unistd.h>

#include "base/text/reject.hpp"
#include "cli/screen/line_input.hpp"
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

}  // namespace malet::cli
