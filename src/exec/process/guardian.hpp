#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/files/descriptor.hpp"
#include "exec/process/child.hpp"

namespace malet::exec {

/// The argument that starts an executable around malet::main as a guardian.
inline constexpr std::string_view guardian_argument = "--malet-guardian";

/// A process beside a rank that outlives it, even if SIGKILL kills the rank: it then kills the
/// processes that the rank has started, and removes the rank's scratch folder.
///
/// Rank and guardian share a table of process groups, so that starting a child costs the guardian
/// nothing. The guardian notices by a closed socket that the rank is gone.
class Guardian {
 public:
  /// \param executable the program to start, around malet::main.
  /// \param mark of this rank, see mark_variable (exec/process/marked.hpp).
  /// \param scratch a folder to remove when the rank has died; empty for none.
  /// Throws std::system_error.
  Guardian(const std::string& executable, const std::string& mark, std::size_t slots,
           const std::filesystem::path& scratch);
  Guardian(const Guardian&) = delete;
  Guardian& operator=(const Guardian&) = delete;
  /// Tells the guardian that all is well, and waits for its end.
  ~Guardian();

  [[nodiscard]] pid_t pid() const { return child_->pid(); }
  /// Sets the process group of a slot; 0 for none.
  void set_group(std::size_t slot, int group);

 private:
  base::Descriptor table_file_;
  int* table_ = nullptr;
  std::size_t slots_;
  base::Descriptor socket_;  // not a pipe: writing to a dead guardian must not raise SIGPIPE
  std::optional<Child> child_;
};

/// The main function of a guardian. Gives the exit code.
[[nodiscard]] int guardian_main(const std::vector<std::string>& arguments);

}  // namespace malet::exec
