#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "exec/slurm/allocation.hpp"
#include "temp_folder.hpp"

using namespace malet::exec;
using malet::test::TempFolder;
using std::chrono::seconds;

namespace {

/// Sets what Slurm sets, TZ and PATH for a test, and nothing else of the kind.
class SlurmEnvironment {
 public:
  using Variables = std::vector<std::pair<std::string, std::string>>;

  explicit SlurmEnvironment(const Variables& set) {
    for (const char* name : names) {
      if (const char* value = std::getenv(name)) before_.emplace_back(name, value);
      if (std::string(name) != "PATH") ::unsetenv(name);
    }
    for (const auto& [name, value] : set) ::setenv(name.c_str(), value.c_str(), 1);
    ::tzset();
  }
  SlurmEnvironment(const SlurmEnvironment&) = delete;
  SlurmEnvironment& operator=(const SlurmEnvironment&) = delete;
  ~SlurmEnvironment() {
    for (const char* name : names) ::unsetenv(name);
    for (const auto& [name, value] : before_) ::setenv(name.c_str(), value.c_str(), 1);
    ::tzset();
  }

 private:
  static constexpr const char* names[] = {"SLURM_JOB_END_TIME",
                                          "SLURM_JOB_ID",
                                          "SLURM_ARRAY_JOB_ID",
                                          "SLURM_ARRAY_TASK_ID",
                                          "SLURM_TIME_FORMAT",
                                          "TZ",
                                          "PATH"};
  std::vector<std::pair<std::string, std::string>> before_;
};

/// A folder with a program squeue in it, which writes down its arguments.
class FakeSqueue {
 public:
  explicit FakeSqueue(const std::string& script) {
    const auto program = folder_.path() / "squeue";
    folder_.write("squeue", "#!/bin/sh\necho \"$* $SLURM_TIME_FORMAT\" >" +
                                (folder_.path() / "asked").string() + "\n" + script + "\n");
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  }
  /// A PATH that begins with it.
  [[nodiscard]] std::string path() const {
    return folder_.path().string() + ":" + std::getenv("PATH");
  }
  [[nodiscard]] std::string asked() const { return folder_.read("asked"); }

 private:
  TempFolder folder_;
};

std::string seconds_from_now(int seconds) {
  return std::to_string(std::time(nullptr) + seconds);
}

constexpr const char* names[] = {"SLURM_ARRAY_JOB_ID",    "SLURM_ARRAY_TASK_ID",
                                 "SLURM_ARRAY_TASK_MIN",  "SLURM_ARRAY_TASK_MAX",
                                 "SLURM_ARRAY_TASK_STEP", "SLURM_ARRAY_TASK_COUNT"};

/// Sets what Slurm sets, in the order of `names`, and takes it away again.
class ArrayEnvironment {
 public:
  explicit ArrayEnvironment(const std::vector<const char*>& values) {
    for (std::size_t i = 0; i < std::size(names); ++i) {
      ::unsetenv(names[i]);
      if (i < values.size() && values[i] != nullptr) ::setenv(names[i], values[i], 1);
    }
  }
  ArrayEnvironment(const ArrayEnvironment&) = delete;
  ArrayEnvironment& operator=(const ArrayEnvironment&) = delete;
  ~ArrayEnvironment() {
    for (const char* name : names) ::unsetenv(name);
  }
};

std::string part(const std::vector<const char*>& values) {
  const ArrayEnvironment environment(values);
  const auto task = slurm_array_task();
  if (!task) return "no array";
  const auto found = array_part(*task);
  return found ? std::to_string(found->part) + " of " + std::to_string(found->parts) : "no part";
}

}  // namespace

TEST_CASE("squeue's end of a job is read as local time") {
  // squeue -h -j 4 -O EndTime, Slurm 22.05
  const std::string printed = "2026-11-25T14:00:00 \n";
  {
    const SlurmEnvironment utc(SlurmEnvironment::Variables{{"TZ", "UTC"}});
    CHECK(parse_squeue_end(printed) == seconds(1795615200));
  }
  const SlurmEnvironment berlin(SlurmEnvironment::Variables{{"TZ", "CET-1CEST,M3.5.0,M10.5.0/3"}});
  CHECK(parse_squeue_end(printed) == seconds(1795615200 - 3600));
  CHECK(parse_squeue_end("2026-07-25T14:00:00 \n") == seconds(1784980800));
}

TEST_CASE("another answer of squeue tells no end") {
  const auto text = GENERATE(as<std::string>{}, "", "\n", "N/A                 \n",
                             "NONE                \n", "Unknown             \n", "INVALID\n",
                             "slurm_load_jobs error: Invalid job id specified\n",
                             "2026-11-25T14:00:00 \n2026-11-25T15:00:00 \n", "2026-11-25\n",
                             "2026-11-25T14:00:00Z\n", "2026-11-25T14:00\n", "25 Nov 14:00\n",
                             "2026-13-25T14:00:00\n", "1795615200\n", "1-02:03:04\n");
  INFO(text);
  CHECK_FALSE(parse_squeue_end(text));
}

TEST_CASE("the environment tells the end of an allocation, and squeue is not asked") {
  const FakeSqueue squeue("echo 2099-01-01T00:00:00");
  const SlurmEnvironment slurm({{"SLURM_JOB_END_TIME", seconds_from_now(600)},
                                {"SLURM_JOB_ID", "4"},
                                {"PATH", squeue.path()}});
  const auto left = slurm_time_left();
  REQUIRE(left);
  CHECK(*left <= seconds(600));
  CHECK(*left > seconds(590));
  CHECK(squeue.asked().empty());
}

TEST_CASE("where the environment does not tell the end, squeue is asked for it") {
  const FakeSqueue squeue("date -d \"@$(($(date +%s) + 300))\" +%Y-%m-%dT%H:%M:%S");
  const auto end = GENERATE(as<std::string>{}, "", "soon", "1", "-5");
  INFO(end);
  const SlurmEnvironment slurm({{"SLURM_JOB_END_TIME", end},
                                {"SLURM_JOB_ID", "4"},
                                {"SLURM_TIME_FORMAT", "relative"},
                                {"TZ", "EST5EDT"},
                                {"PATH", squeue.path()}});
  const auto left = slurm_time_left();
  REQUIRE(left);
  CHECK(*left <= seconds(300));
  CHECK(*left > seconds(290));
  CHECK(squeue.asked() == "-h -j 4 -O EndTime standard\n");
}

TEST_CASE("a task of an array asks for itself") {
  const FakeSqueue squeue("echo N/A");
  const SlurmEnvironment slurm({{"SLURM_JOB_ID", "9"},
                                {"SLURM_ARRAY_JOB_ID", "9"},
                                {"SLURM_ARRAY_TASK_ID", "12"},
                                {"PATH", squeue.path()}});
  CHECK_FALSE(slurm_time_left());
  CHECK(squeue.asked() == "-h -j 9_12 -O EndTime standard\n");
}

TEST_CASE("outside of Slurm nobody is asked") {
  const FakeSqueue squeue("echo 2099-01-01T00:00:00");
  const auto job = GENERATE(as<std::string>{}, "", "4; rm");
  const SlurmEnvironment slurm({{"SLURM_JOB_ID", job}, {"PATH", squeue.path()}});
  CHECK_FALSE(slurm_time_left());
  CHECK(squeue.asked().empty());
}

TEST_CASE("a squeue that fails, says too much or is not there leaves the end unknown") {
  const auto script = GENERATE(as<std::string>{}, "exit 1", "kill -9 $$", "yes", "exec >&-");
  INFO(script);
  const FakeSqueue squeue(script);
  const SlurmEnvironment slurm({{"SLURM_JOB_ID", "4"}, {"PATH", squeue.path()}});
  CHECK_FALSE(slurm_time_left());
  const SlurmEnvironment bare({{"SLURM_JOB_ID", "4"}, {"PATH", "/nonexistent"}});
  CHECK_FALSE(slurm_time_left());
}

// What Slurm 22.05 sets: array, index, min, max, step, count.
TEST_CASE("tasks of a complete array are its parts") {
  CHECK(part({"1", "0", "0", "2", "1", "3"}) == "0 of 3");  // --array=0-2
  CHECK(part({"1", "2", "0", "2", "1", "3"}) == "2 of 3");
  CHECK(part({"2", "5", "5", "9", "1", "5"}) == "0 of 5");  // --array=5-9
  CHECK(part({"2", "9", "5", "9", "1", "5"}) == "4 of 5");
  CHECK(part({"3", "5", "0", "10", "5", "3"}) == "1 of 3");   // --array=0-10:5
  CHECK(part({"7", "12", "4", "12", "4", "3"}) == "2 of 3");  // --array=4-12:4%1
  CHECK(part({"9", "3", "1", "6", "1", "6"}) == "2 of 6");    // --array=1-6%2
  CHECK(part({"8", "7", "7", "7", "1", "1"}) == "0 of 1");    // --array=7
}

TEST_CASE("an array with gaps has no parts") {
  CHECK(part({"4", "2", "2", "5", "1", "2"}) == "no part");   // --array=2,5
  CHECK(part({"5", "1", "0", "3", "1", "3"}) == "no part");   // --array=0,1,3
  CHECK(part({"6", "6", "0", "6", "1", "4"}) == "no part");   // --array=0,1,3,6
  CHECK(part({"11", "8", "0", "8", "1", "5"}) == "no part");  // --array=0-3,8
}

TEST_CASE("what cannot be of an array has no parts") {
  CHECK(part({"1", "3", "0", "2", "1", "3"}) == "no part");
  CHECK(part({"1", "0", "1", "2", "1", "2"}) == "no part");
  CHECK(part({"1", "1", "0", "4", "2", "3"}) == "no part");
  CHECK(part({"1", "0", "0", "2", "0", "3"}) == "no part");
  CHECK(part({"1", "0", "0", "2", "1", "0"}) == "no part");
  CHECK(part({"1", "0", "0", "2", "1", nullptr}) == "no part");
  CHECK(part({"1", "0"}) == "no part");
}

TEST_CASE("outside of arrays there is no task") {
  CHECK(part({}) == "no array");
  CHECK(part({"1"}) == "no array");
  CHECK(part({nullptr, "1", "0", "2", "1", "3"}) == "no array");
  CHECK(part({"1", "one", "0", "2", "1", "3"}) == "no array");
  CHECK(part({"", "", "", "", "", ""}) == "no array");
}
