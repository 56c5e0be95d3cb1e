#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "exec/slurm/slurm_array.hpp"

using namespace malet::exec;

namespace {

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
