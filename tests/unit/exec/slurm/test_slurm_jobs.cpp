#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "catch.hpp"
#include "exec/slurm/slurm_jobs.hpp"
#include "temp_folder.hpp"

using namespace malet::exec;
using malet::test::TempFolder;
using States = std::map<std::string, TaskStates>;

namespace {

/// A PATH that begins with programs of its own, each a script.
class FakePrograms {
 public:
  FakePrograms() : before_(std::getenv("PATH")) {
    ::setenv("PATH", (folder_.path().string() + ":" + before_).c_str(), 1);
  }
  FakePrograms(const FakePrograms&) = delete;
  FakePrograms& operator=(const FakePrograms&) = delete;
  ~FakePrograms() { ::setenv("PATH", before_.c_str(), 1); }

  void add(const std::string& name, const std::string& script) const {
    const auto program = folder_.write(name, "#!/bin/sh\necho \"$*\" >>" +
                                                 (folder_.path() / (name + ".asked")).string() +
                                                 "\n" + script + "\n");
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  }
  [[nodiscard]] std::string asked(const std::string& name) const {
    return folder_.read(name + ".asked");
  }

 private:
  TempFolder folder_;
  std::string before_;
};

std::vector<TaskStates> states_of(const std::vector<SlurmJob>& jobs) {
  return slurm_job_states(jobs, std::chrono::minutes(2));
}

}  // namespace

TEST_CASE("sbatch names the job, and the cluster where there are several") {
  CHECK(parse_sbatch_answer("55\n") == SlurmJob{"55", "", 1});
  CHECK(parse_sbatch_answer("55;big\n") == SlurmJob{"55", "big", 1});
  for (const char* text : {"", "\n", ";big", "Submitted batch job 55", "55 56", "-1", "5a"}) {
    CHECK_FALSE(parse_sbatch_answer(text));
  }
}

TEST_CASE("states are counted by job") {
  // squeue -h -r -t all -o '%F|%T', and sacct -n -X -P -o JobID,State
  CHECK(parse_job_states("41|RUNNING\n41|PENDING\n41|PENDING\n39|FAILED\n") ==
        States{{"41", {{"RUNNING", 1}, {"PENDING", 2}}}, {"39", {{"FAILED", 1}}}});
  CHECK(parse_job_states("55_3|CANCELLED by 1000\n55_[4-7]|PENDING\n56|OUT_OF_MEMORY\n") ==
        States{{"55", {{"CANCELLED", 1}, {"PENDING", 1}}}, {"56", {{"OUT_OF_MEMORY", 1}}}});
  CHECK(parse_job_states("CLUSTER: big\n7|COMPLETED\n") == States{{"7", {{"COMPLETED", 1}}}});
  CHECK(parse_job_states("") == States());
}

TEST_CASE("another answer tells no states") {
  for (const char* text : {"nonsense", "41|RUNNING\nerror\n", "|RUNNING", "41|", "a|RUNNING",
                           "41|running", "<html>", "41 RUNNING"}) {
    CHECK_FALSE(parse_job_states(text));
  }
}

TEST_CASE("what is over is told from what may go on") {
  for (const char* state : {"COMPLETED", "CANCELLED", "TIMEOUT", "ended"}) CHECK(is_over(state));
  for (const char* state : {"PENDING", "RUNNING", "COMPLETING", "REQUEUED", "unknown"}) {
    CHECK_FALSE(is_over(state));
  }
}

TEST_CASE("squeue tells how jobs stand, and sacct of those that it has forgotten") {
  const FakePrograms programs;
  programs.add("squeue", "echo '55|RUNNING'; echo '56|PENDING'; echo '56|COMPLETED'");
  programs.add("sacct", "echo '54|TIMEOUT'; echo '56_0|FAILED'; echo '56_1|COMPLETED'");
  const auto states = states_of({{"53", "", 1}, {"54", "", 1}, {"55", "", 1}, {"56", "", 3}});
  CHECK(states == std::vector<TaskStates>{{{"ended", 1}},
                                          {{"TIMEOUT", 1}},
                                          {{"RUNNING", 1}},
                                          {{"COMPLETED", 1}, {"FAILED", 1}, {"PENDING", 1}}});
  CHECK(programs.asked("squeue") == "-h -r -t all -o %F|%T -j 53,54,55,56\n");
  CHECK(programs.asked("sacct") == "-n -X -P -o JobID,State -j 53,54,56\n");
}

TEST_CASE("without sacct, jobs that squeue has forgotten are over") {
  const FakePrograms programs;
  programs.add("squeue", "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1");
  programs.add("sacct", "echo 'Slurm accounting storage is disabled' >&2; exit 1");
  CHECK(states_of({{"55", "", 2}}) == std::vector<TaskStates>{{{"ended", 2}}});
}

TEST_CASE("where squeue does not tell, nothing is known, and sacct is not asked") {
  const auto script = GENERATE(as<std::string>{}, "exit 1", "echo nonsense", "kill -9 $$",
                               "echo 'Unable to contact slurm controller' >&2; exit 1");
  INFO(script);
  const FakePrograms programs;
  programs.add("squeue", script);
  programs.add("sacct", "echo '55|COMPLETED'");
  CHECK(states_of({{"55", "", 2}}) == std::vector<TaskStates>{{{"unknown", 2}}});
  CHECK(programs.asked("sacct").empty());
}

TEST_CASE("a squeue that takes too long is not waited for") {
  const FakePrograms programs;
  programs.add("squeue", "exec sleep 600");
  CHECK(slurm_job_states({{"55", "", 1}}, std::chrono::milliseconds(50)) ==
        std::vector<TaskStates>{{{"unknown", 1}}});
}

TEST_CASE("each cluster is asked for its own jobs, and nobody for none") {
  const FakePrograms programs;
  programs.add("squeue",
               "case \"$*\" in *big*) echo 'CLUSTER: big'; echo '7|RUNNING' ;; "
               "*) echo '7|PENDING' ;; esac");
  CHECK(states_of({{"7", "big", 1}, {"7", "", 1}}) ==
        std::vector<TaskStates>{{{"RUNNING", 1}}, {{"PENDING", 1}}});
  CHECK(programs.asked("squeue") ==
        "-h -r -t all -o %F|%T -j 7\n-h -r -t all -o %F|%T -j 7 -M big\n");
  CHECK(states_of({}).empty());
}
