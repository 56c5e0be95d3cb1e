#include <string>

#include "catch.hpp"
#include "cli/reports/submit_job.hpp"
#include "malet/error.hpp"

using namespace malet;
using namespace malet::cli;

namespace {

SubmitOptions options_of(const std::string& exp = "/data/EXP") {
  SubmitOptions options;
  options.run.exp = exp;
  return options;
}

std::string script_of(const SubmitOptions& options, const exec::SlurmConfig& slurm = {}) {
  return submit_script(options, slurm, "/opt/malet-mpi", {"--python=train.py:train"},
                       std::filesystem::path(options.run.exp) / "submit" / "job_3.sbatch");
}

}  // namespace

TEST_CASE("a script runs the program that was called on the whole path of the folder") {
  SubmitOptions options = options_of();
  options.shape.gpus_per_node = 4;
  options.shape.time = Seconds(5400.2);
  const std::string script = script_of(options);
  for (const char* line :
       {"#SBATCH --job-name=EXP\n", "#SBATCH --output=/data/EXP/submit/job_3-%j.out\n",
        "#SBATCH --ntasks-per-node=4\n", "#SBATCH --time=01:30:01\n",
        "\nsrun /opt/malet-mpi run /data/EXP --python=train.py:train\n",
        "\n/opt/malet-mpi status /data/EXP --exit-code\n"}) {
    CHECK_THAT(script, ContainsSubstring(line));
  }
}

TEST_CASE("jobs of an array write files of their own, and do not ask the folder") {
  SubmitOptions options = options_of("/data/100%/EXP/");
  options.array = {3, 0};
  options.job_name = "mine";
  const std::string script = script_of(options, {1001, 10000, false});
  CHECK_THAT(script,
             ContainsSubstring("--output=/data/100%%/EXP/submit/job_3-%A_%a.out\n") &&
                 ContainsSubstring("--job-name=mine\n") &&
                 ContainsSubstring("\nsrun --mpi=pmix /opt/malet-mpi run /data/100%/EXP ") &&
                 !ContainsSubstring("status"));
}

TEST_CASE("a path that Slurm cannot write to is refused") {
  CHECK_THROWS_WITH(script_of(options_of("/data/a\\b")), ContainsSubstring("backslash"));
  CHECK_THROWS_WITH(script_of(options_of("/data/a\nb")), ContainsSubstring("line break"));
}

TEST_CASE("more jobs than Slurm takes are refused with a number that works") {
  SubmitOptions options = options_of();
  options.array = {1002, 0};
  const exec::SlurmConfig slurm{1001, 10000, true};
  CHECK_THROWS_WITH(check_submit(options, slurm),
                    ContainsSubstring("MaxArraySize") && ContainsSubstring("give --array 1001"));
  CHECK_NOTHROW(check_submit(options, {}));
  options.array = {1001, 0};
  CHECK_NOTHROW(check_submit(options, slurm));
  options.chain = 20;
  CHECK_THROWS_WITH(check_submit(options, slurm),
                    ContainsSubstring("MaxJobCount") && ContainsSubstring("give --array 500"));
}

TEST_CASE("sbatch is not given an array behind submit's back") {
  for (const char* word : {"--array=0-3", "--array", "-a0-3", "-a", "--arr=0-1", "--arra"}) {
    SubmitOptions options = options_of();
    options.sbatch = {"--mem=1G", word};
    CHECK_THROWS_WITH(check_submit(options, {}), ContainsSubstring("--array N"));
  }
  SubmitOptions options = options_of();
  options.sbatch = {"EXP2"};
  CHECK_THROWS_WITH(check_submit(options, {}), ContainsSubstring("not expected: EXP2"));
  options.sbatch = {"--account=lab", "--mem", "1G"};
  CHECK_NOTHROW(check_submit(options, {}));
}
