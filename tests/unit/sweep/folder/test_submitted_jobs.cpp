#include <filesystem>
#include <string>

#include "catch.hpp"
#include "malet/error.hpp"
#include "sweep/folder/submitted_jobs.hpp"
#include "temp_folder.hpp"

using namespace malet::sweep;
using malet::test::TempFolder;

namespace fs = std::filesystem;

TEST_CASE("submitted jobs come back in their order") {
  const TempFolder folder;
  CHECK(read_submitted_jobs(folder.path()).empty());
  add_submitted_job(folder.path(), {{"55", "", 1}, "2026-11-26 01:02:03.000004", "job_0.sbatch"});
  add_submitted_job(folder.path(), {{"56", "big", 8}, "2026-11-26 01:02:04", "job_1.sbatch"});
  const auto jobs = read_submitted_jobs(folder.path());
  REQUIRE(jobs.size() == 2);
  CHECK(jobs[0].job == malet::exec::SlurmJob{"55", "", 1});
  CHECK(jobs[0].submitted == "2026-11-26 01:02:03.000004");
  CHECK(jobs[0].script == "job_0.sbatch");
  CHECK(jobs[1].job == malet::exec::SlurmJob{"56", "big", 8});
}

TEST_CASE("lines that tell of no job are passed over") {
  const TempFolder folder;
  folder.write(
      "submit/jobs.jsonl",
      "nonsense\n\n{}\n[1]\n{\"job\": 55}\n{\"job\": \"-M x\"}\n{\"job\": \"57\", \"tasks\": "
      "-3, \"submitted\": 1}\n{\"job\": \"58\", \"ta");
  const auto jobs = read_submitted_jobs(folder.path());
  REQUIRE(jobs.size() == 1);
  CHECK(jobs[0].job == malet::exec::SlurmJob{"57", "", 1});
  CHECK(jobs[0].submitted.empty());
  add_submitted_job(folder.path(), {{"59", "", 1}, "", ""});
  CHECK(read_submitted_jobs(folder.path()).size() == 2);
}

TEST_CASE("a file of jobs that cannot be read tells of none") {
  const TempFolder folder;
  fs::create_directories(folder.path() / "submit" / "jobs.jsonl");
  CHECK(read_submitted_jobs(folder.path()).empty());
  CHECK_THROWS_WITH(add_submitted_job(folder.path(), {{"55", "", 1}, "", ""}),
                    ContainsSubstring("job 55 was submitted") && ContainsSubstring("jobs.jsonl"));
}

TEST_CASE("a script that is not kept goes, with the folder that was made for it") {
  const TempFolder folder;
  {
    const NewScript script(folder.path());
    script.write("text");
    CHECK(folder.read("submit/job_0.sbatch") == "text");
  }
  CHECK(folder.files().empty());
}

TEST_CASE("no script takes another's place") {
  const TempFolder folder;
  for (int number = 0; number < 3; ++number) {
    CHECK(next_script(folder.path()) ==
          folder.path() / "submit" / ("job_" + std::to_string(number) + ".sbatch"));
    NewScript script(folder.path());
    script.write(std::to_string(number));
    script.keep();
  }
  { const NewScript passing(folder.path()); }
  CHECK(folder.files("submit") ==
        std::vector<std::string>{"job_0.sbatch", "job_1.sbatch", "job_2.sbatch"});
  CHECK(folder.read("submit/job_1.sbatch") == "1");
}

TEST_CASE("where no script can be written the path and the reason are told") {
  const TempFolder folder;
  folder.write("submit", "a file");
  CHECK_THROWS_WITH(NewScript(folder.path()), ContainsSubstring("submit: cannot be written: "));
  CHECK(folder.read("submit") == "a file");
}
