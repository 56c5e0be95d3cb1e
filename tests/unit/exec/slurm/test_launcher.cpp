#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "exec/slurm/launcher.hpp"

using malet::exec::launcher;
using malet::exec::node_name;

namespace {

/// Sets the variables that launchers set, and nothing else, for a test.
class LauncherEnvironment {
 public:
  using Variables = std::vector<std::pair<std::string, std::string>>;

  explicit LauncherEnvironment(const Variables& set) {
    for (const char* name : names) {
      if (const char* value = std::getenv(name)) before_.emplace_back(name, value);
      ::unsetenv(name);
    }
    for (const auto& [name, value] : set) ::setenv(name.c_str(), value.c_str(), 1);
  }
  LauncherEnvironment(const LauncherEnvironment&) = delete;
  LauncherEnvironment& operator=(const LauncherEnvironment&) = delete;
  ~LauncherEnvironment() {
    for (const char* name : names) ::unsetenv(name);
    for (const auto& [name, value] : before_) ::setenv(name.c_str(), value.c_str(), 1);
  }

 private:
  static constexpr const char* names[] = {
      "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "PMI_SIZE",
      "SLURM_PROCID",         "SLURM_STEP_NUM_TASKS", "PMI_FD"};
  Variables before_;
};

}  // namespace

TEST_CASE("mpirun is recognised, with the rank") {
  const LauncherEnvironment environment(
      {{"OMPI_COMM_WORLD_SIZE", "4"}, {"OMPI_COMM_WORLD_RANK", "3"}, {"PMIX_RANK", "3"}});
  CHECK(launcher().present);
  CHECK(launcher().mpirun);
  CHECK(launcher().rank == 3);
}

TEST_CASE("srun with PMIx or PMI is recognised, and is not mpirun") {
  for (const char* name : {"PMIX_RANK", "PMI_RANK"}) {
    const LauncherEnvironment environment(LauncherEnvironment::Variables{{name, "7"}});
    CHECK(launcher().present);
    CHECK_FALSE(launcher().mpirun);
    CHECK(launcher().rank == 7);
  }
}

TEST_CASE("the number of ranks is what the launcher says of them") {
  const auto size = [](const LauncherEnvironment::Variables& set) {
    const LauncherEnvironment environment(set);
    return launcher().size;
  };
  CHECK(size({{"OMPI_COMM_WORLD_SIZE", "4"}, {"OMPI_COMM_WORLD_RANK", "3"}}) == 4);
  CHECK(size({{"PMI_RANK", "1"}, {"PMI_SIZE", "2"}}) == 2);
  CHECK(size({{"PMIX_RANK", "1"}, {"SLURM_PROCID", "1"}, {"SLURM_STEP_NUM_TASKS", "8"}}) == 8);
  CHECK(size({{"PMIX_RANK", "1"}}) == std::nullopt);
  // The step is that of mpirun's daemons, not of its ranks.
  CHECK(size({{"OMPI_COMM_WORLD_SIZE", "4"},
              {"OMPI_COMM_WORLD_RANK", "1"},
              {"SLURM_PROCID", "1"},
              {"SLURM_STEP_NUM_TASKS", "2"}}) == 4);
}

TEST_CASE("PMI is told from PMIx where srun gives it") {
  const auto by_pmi = [](const LauncherEnvironment::Variables& set) {
    const LauncherEnvironment environment(set);
    return launcher().srun_pmi;
  };
  CHECK(by_pmi({{"PMI_RANK", "1"}, {"PMI_FD", "13"}, {"SLURM_PROCID", "1"}}));
  CHECK_FALSE(by_pmi({{"PMI_RANK", "1"}, {"PMI_FD", "13"}}));  // MPICH's mpiexec
  CHECK_FALSE(by_pmi({{"PMIX_RANK", "1"}, {"PMI_FD", "13"}, {"SLURM_PROCID", "1"}}));
  CHECK_FALSE(by_pmi({{"SLURM_PROCID", "1"}, {"SLURM_STEP_NUM_TASKS", "3"}, {"PMI_FD", "13"}}));
}

TEST_CASE("a batch shell is no launcher") {
  const LauncherEnvironment environment(LauncherEnvironment::Variables{{"SLURM_PROCID", "0"}});
  CHECK_FALSE(launcher().present);
}

TEST_CASE("tasks of srun that were told nothing for MPI are ranks that cannot meet") {
  const LauncherEnvironment environment({{"SLURM_PROCID", "2"}, {"SLURM_STEP_NUM_TASKS", "3"}});
  CHECK(launcher().present);
  CHECK(launcher().unconnected);
  CHECK_FALSE(launcher().mpirun);
  CHECK(launcher().rank == 2);
  CHECK(launcher().size == 3);
}

TEST_CASE("a single task of srun needs nothing for MPI") {
  const LauncherEnvironment environment({{"SLURM_PROCID", "0"}, {"SLURM_STEP_NUM_TASKS", "1"}});
  CHECK_FALSE(launcher().present);
  CHECK_FALSE(launcher().unconnected);
}

TEST_CASE("ranks that PMIx, PMI or mpirun started can meet") {
  for (const char* name : {"PMIX_RANK", "PMI_RANK", "OMPI_COMM_WORLD_SIZE"}) {
    const LauncherEnvironment environment(
        {{name, "2"}, {"SLURM_PROCID", "2"}, {"SLURM_STEP_NUM_TASKS", "3"}});
    CHECK(launcher().present);
    CHECK_FALSE(launcher().unconnected);
  }
}

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
