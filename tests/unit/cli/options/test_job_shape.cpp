#include <sstream>
#include <string>

#include "catch.hpp"
#include "cli/options/job_shape.hpp"
#include "malet/error.hpp"
#include "unit/cli/options/parsed_options.hpp"

using malet::cli::JobShape;

namespace {

JobShape parse_shape(const std::string& arguments) {
  JobShape shape;
  std::istringstream words(arguments);
  std::vector<std::string> list;
  for (std::string word; words >> word;) list.push_back(word);
  (void)parse_options(malet::cli::shape_options(shape), list);
  return shape;
}

}  // namespace

TEST_CASE("a job has one node, one rank and no GPU unless told") {
  const JobShape shape = parse_shape("");
  CHECK(shape.nodes == 1);
  CHECK(shape.gpus_per_node == 0);
  CHECK(shape.tasks() == 1);
  CHECK_FALSE(shape.time);
}

TEST_CASE("a rank per GPU, unless told otherwise") {
  CHECK(parse_shape("--nodes 2 --gpus-per-node 4").tasks() == 4);
  CHECK(parse_shape("--gpus-per-node 4 --ntasks-per-node 2").tasks() == 2);
}

TEST_CASE("a walltime has a unit, since Slurm's plain numbers are minutes") {
  CHECK(parse_shape("--time 4:00:00").time->count() == 4 * 3600);
  CHECK(parse_shape("--time 90m").time->count() == 90 * 60);
  CHECK(parse_shape("--time 2-12:00:00").time->count() == 60 * 3600);
  for (const char* bad : {"90", "1.5", "0m", "0:00", "soon", "-1"}) {
    CHECK_THROWS_AS(parse_shape(std::string("--time=") + bad), malet::Error);
  }
  for (const char* bad : {"--nodes 0", "--nodes x", "--gpus-per-node -1", "--ntasks-per-node 0"}) {
    CHECK_THROWS_AS(parse_shape(bad), malet::Error);
  }
}

TEST_CASE("a shape in which no run fits is refused with what does") {
  malet::ExperimentOptions run;
  const auto check = [&run](const std::string& arguments) {
    malet::cli::check_shape(parse_shape(arguments), run);
  };
  CHECK_NOTHROW(check("--ntasks-per-node 50"));
  CHECK_NOTHROW(check("--gpus-per-node 4"));
  CHECK_NOTHROW(check("--gpus-per-node 4 --ntasks-per-node 5"));  // rank 0 coordinates
  CHECK_THROWS_WITH(check("--nodes 2 --gpus-per-node 4 --ntasks-per-node 5"),
                    Catch::Contains("give at most 4"));
  CHECK_THROWS_WITH(check("--gpus-per-node 4 --ntasks-per-node 6"),
                    Catch::Contains("give at most 5"));
  run.devices.runs_per_gpu = 2;
  CHECK_NOTHROW(check("--gpus-per-node 4 --ntasks-per-node 9"));
  run.devices.gpus_per_run = 8;
  CHECK_THROWS_WITH(check("--gpus-per-node 4"), Catch::Contains("--gpus-per-run 8"));
}
