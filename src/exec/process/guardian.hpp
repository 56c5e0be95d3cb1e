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

/// The argument that turns an executable around malet::main into a guardian.
inline constexpr std::string_view guardian_argument = "--malet-guardian";

/// The variable by which processes of a rank's slots are known, wherever they went: the rank's
/// mark, a dot, the slot's number.
inline constexpr std::string_view mark_variable = "MALET_SLOT";

/// A process beside a rank that outlives it, even when the rank is killed with SIGKILL: it then
/// kills what the rank has started and removes the rank's scratch folder.
///
/// Rank and guardian share a small table of process groups, so that starting a child costs the
/// guardian nothing; that the rank is gone is seen by a socket that closes.
class Guardian {
 public:
  /// \param executable the program to start, around malet::main.
  /// \param mark of this rank, see mark_variable.
  /// \param scratch a folder to remove when the rank is gone; empty for none.
  /// Throws std::system_error.
  Guardian(const std::string& executable, const std::string& mark, std::size_t slots,
           const std::filesystem::path& scratch);
  Guardian(const Guardian&) = delete;
  Guardian& operator=(const Guardian&) = delete;
  /// The rank leaves in peace: the guardian ends.
  ~Guardian();

  [[nodiscard]] pid_t pid() const { return child_->pid(); }
  /// Says which process group a slot has now; 0 is none.
  void set_group(std::size_t slot, int group);

 private:
  base::Descriptor table_file_;
  int* table_ = nullptr;
  std::size_t slots_;
  base::Descriptor
      socket_;  // not a pipe: a guardian that was killed must not kill the rank by SIGPIPE
  std::optional<Child> child_;
};

/// The life of a guardian. Gives the exit code.
[[nodiscard]] int guardian_main(const std::vector<std::string>& arguments);

/// Kills every process that carries the mark in its environment, again and again until none is
/// left, but no longer than a few seconds. Gives how many were killed.
std::size_t kill_marked(std::string_view mark);

}  // namespace malet::exec
