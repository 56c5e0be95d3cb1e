#include <algorithm>

#include "catch.hpp"
#include "exec/process/environment.hpp"

using namespace malet::exec;

TEST_CASE("what a launcher tells a rank is no child's business") {
  for (const char* name :
       {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "PRTE_X", "ORTE_X", "OPAL_X",
        "SLURM_NTASKS", "SLURM_NPROCS", "SLURM_PROCID", "SLURM_LOCALID", "SLURM_NODEID",
        "SLURM_STEP_ID", "SLURM_STEPID", "OMPI_MCA_ess", "OMPI_MCA_ess_base_jobid",
        "OMPI_MCA_orte_hnp_uri", "OMPI_MCA_pmix"}) {
    CHECK(is_launcher_variable(name));
  }
}

TEST_CASE("what the user set and what tells of the job stays") {
  for (const char* name : {"PATH", "SLURM_JOB_ID", "SLURM_NTASKS_PER_NODE", "OMPI_MCA_btl",
                           "OMPI_MCA_hwloc_base_binding_policy", "CUDA_VISIBLE_DEVICES", ""}) {
    CHECK_FALSE(is_launcher_variable(name));
  }
}

TEST_CASE("added variables win over inherited ones") {
  const auto environment =
      child_environment({"A=1", "PMIX_RANK=3", "B=x=y", "AB=2"}, {{"A", "9"}, {"NEW", ""}});
  CHECK(environment == std::vector<std::string>{"B=x=y", "AB=2", "A=9", "NEW="});
}

TEST_CASE("an added variable may be a launcher's") {
  CHECK(child_environment({}, {{"PMI_RANK", "0"}}) == std::vector<std::string>{"PMI_RANK=0"});
}

TEST_CASE("the environment of this process has what was set") {
  ::setenv("MALET_TEST_VARIABLE", "a b", 1);
  const auto environment = own_environment();
  CHECK(std::count(environment.begin(), environment.end(), "MALET_TEST_VARIABLE=a b") == 1);
  ::unsetenv("MALET_TEST_VARIABLE");
}
