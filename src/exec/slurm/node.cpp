#include "exec/slurm/node.hpp"

#include <unistd.h>

#include <array>
#include <cstdlib>

namespace malet::exec {

std::string node_name() {
  // A batch shell's own node is in its variables, too, so only inside a step they are ours.
  const char* node =
      std::getenv("SLURM_STEP_ID") != nullptr ? std::getenv("SLURMD_NODENAME") : nullptr;
  if (node != nullptr && *node != '\0') return node;
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

}  // namespace malet::exec
