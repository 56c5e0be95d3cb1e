#include <unistd.h>

#include <array>
#include <cstdlib>

#include "catch.hpp"
#include "exec/slurm/node.hpp"

using malet::exec::node_name;

TEST_CASE("a node has Slurm's name inside a step, else the host's") {
  std::array<char, 256> host{};
  REQUIRE(::gethostname(host.data(), host.size() - 1) == 0);
  ::unsetenv("SLURM_STEP_ID");
  ::setenv("SLURMD_NODENAME", "n7", 1);
  CHECK(node_name() == host.data());
  ::setenv("SLURM_STEP_ID", "0", 1);
  CHECK(node_name() == "n7");
  ::setenv("SLURMD_NODENAME", "", 1);
  CHECK(node_name() == host.data());
  ::unsetenv("SLURM_STEP_ID");
  ::unsetenv("SLURMD_NODENAME");
}
