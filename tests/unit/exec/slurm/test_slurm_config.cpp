#include "catch.hpp"
#include "exec/slurm/slurm_config.hpp"

using malet::exec::parse_slurm_config;

TEST_CASE("what jobs must know is read from scontrol's answer") {
  // scontrol show config, Slurm 22.05, some lines of it
  const auto config = parse_slurm_config(
      "Configuration data as of 2026-11-26T01:43:07\n"
      "AccountingStorageBackupHost = (null)\n"
      "LaunchParameters        = (null)\n"
      "MaxArraySize            = 1001\n"
      "MaxDBDMsgs              = 20008\n"
      "MaxJobCount             = 10000\n"
      "MaxJobId                = 67043328\n"
      "MpiDefault              = pmix\n"
      "MpiParams               = (null)\n\n"
      "Slurmctld(primary) at here is UP\n");
  CHECK(config.max_array_size == 1001U);
  CHECK(config.max_job_count == 10000U);
  CHECK(config.starts_pmix);
}

TEST_CASE("an srun that starts without PMIx is seen") {
  CHECK_FALSE(parse_slurm_config("MpiDefault              = none\n").starts_pmix);
  CHECK_FALSE(parse_slurm_config("MpiDefault              = pmi2\n").starts_pmix);
  CHECK(parse_slurm_config("MpiDefault              = pmix_v4\n").starts_pmix);
}

TEST_CASE("of another answer nothing is known") {
  for (const char* text : {"", "\n", "nonsense", "MaxArraySize", "MaxArraySize = many",
                           "slurm_load_ctl_conf error: Unable to contact slurm controller"}) {
    const auto config = parse_slurm_config(text);
    CHECK_FALSE(config.max_array_size);
    CHECK_FALSE(config.max_job_count);
    CHECK(config.starts_pmix);
  }
}
