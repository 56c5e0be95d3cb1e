#include <string>

#include "catch.hpp"
#include "exec/slurm/batch_script.hpp"
#include "malet/error.hpp"

using namespace malet::exec;

namespace {

BatchJob plain_job() {
  BatchJob job;
  job.name = "sweep";
  job.folder = "/home/me";
  job.output = "/home/me/EXP/submit/job_0-%j.out";
  job.command = {"/opt/malet-mpi", "run", "/home/me/EXP"};
  return job;
}

}  // namespace

TEST_CASE("a job is a script of directives and one launch") {
  BatchJob job = plain_job();
  job.nodes = 2;
  job.tasks_per_node = 4;
  job.gpus_per_node = 4;
  job.time = std::chrono::hours(4);
  job.partition = "gpu";
  job.account = "lab";
  job.state = {"/opt/malet-mpi", "status", "/home/me/EXP", "--exit-code"};
  CHECK(batch_script(job) == R"(#!/bin/bash
# Written by `malet-mpi submit`. Give it to sbatch again to go on.
#SBATCH --job-name=sweep
#SBATCH --chdir=/home/me
#SBATCH --output=/home/me/EXP/submit/job_0-%j.out
#SBATCH --nodes=2
#SBATCH --ntasks-per-node=4
#SBATCH --gres=gpu:4
#SBATCH --time=04:00:00
#SBATCH --signal=USR1@60
#SBATCH --partition=gpu
#SBATCH --account=lab

srun /opt/malet-mpi run /home/me/EXP
left=$?

# What srun leaves with does not say how far the experiment is: the folder does. 0: all complete;
# 1: all was run, some configs failed; 75: there is something left to run.
case $left in
  2 | 3 | 70) exit "$left" ;;
esac
/opt/malet-mpi status /home/me/EXP --exit-code
)");
}

TEST_CASE("an array has indices from 0 on, and leaves with what its task leaves with") {
  BatchJob job = plain_job();
  job.array = {8, 2};
  CHECK_THAT(batch_script(job), ContainsSubstring("#SBATCH --array=0-7%2\n") &&
                                    Catch::Matchers::EndsWith("run /home/me/EXP\n"));
  job.array = {1, 0};
  CHECK_THAT(batch_script(job), ContainsSubstring("#SBATCH --array=0-0\n"));
}

TEST_CASE("a short walltime has no warning, and a long one days") {
  BatchJob job = plain_job();
  job.time = std::chrono::seconds(29 * 60 + 59);
  CHECK_THAT(batch_script(job),
             ContainsSubstring("--time=00:29:59\n") && !ContainsSubstring("--signal"));
  job.time = std::chrono::hours(61);
  CHECK_THAT(batch_script(job), ContainsSubstring("--time=2-13:00:00\n"));
}

TEST_CASE("whatever names hold stays in quotes") {
  BatchJob job = plain_job();
  job.folder = "/home/it's mine";
  job.command = {"/opt/malet-mpi", "run", "$(rm -rf ~)", "--command=./train '{lr}' > x"};
  job.options = {"--comment=a b", "-C", "a100&ib"};
  job.srun = {"--mpi=pmix"};
  CHECK_THAT(batch_script(job),
             ContainsSubstring("#SBATCH '--chdir=/home/it'\\''s mine'\n") &&
                 ContainsSubstring("#SBATCH '--comment=a b' -C 'a100&ib'\n") &&
                 ContainsSubstring("\nsrun --mpi=pmix /opt/malet-mpi run '$(rm -rf ~)' "
                                   "'--command=./train '\\''{lr}'\\'' > x'\n"));
}

TEST_CASE("sbatch's options come last, so that they win") {
  BatchJob job = plain_job();
  job.options = {"--nodes=7"};
  const std::string script = batch_script(job);
  CHECK(script.find("--nodes=7") > script.find("--nodes=1"));
}

TEST_CASE("a line break in a directive is refused") {
  BatchJob job = plain_job();
  job.name = "two\nlines";
  CHECK_THROWS_WITH(batch_script(job), ContainsSubstring("line break"));
  job = plain_job();
  job.options = {"--comment=a\nrm"};
  CHECK_THROWS_AS(batch_script(job), malet::Error);
}

TEST_CASE("what sbatch would replace in a file name is escaped") {
  CHECK(batch_file_name("/a/100%/b%j") == "/a/100%%/b%%j");
}
