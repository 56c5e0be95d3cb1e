#include <string>
#include <vector>

#include "catch.hpp"
#include "cli/options/submit_options.hpp"
#include "malet/error.hpp"
#include "unit/cli/options/parsed_options.hpp"

using namespace malet::cli;

namespace {

using Words = std::vector<std::string>;

/// The options of a command line that is given to `check` with them.
template <typename Check>
void parse_submit(const Words& arguments, const Check& check) {
  SubmitOptions options;
  const Given given = parse_options(submit_options(options), arguments);
  check(options, given);
}

void refuse(const Words& arguments) {
  CHECK_THROWS_AS(parse_submit(arguments, [](const auto&, const auto&) {}), malet::Error);
}

}  // namespace

TEST_CASE("a job to submit is one job that asks first unless told") {
  parse_submit({"EXP"}, [](const SubmitOptions& options, const Given& given) {
    CHECK(options.run.exp == "EXP");
    CHECK_FALSE(options.array);
    CHECK(options.chain == 1);
    CHECK_FALSE(options.yes);
    CHECK_FALSE(options.dry_run);
    CHECK(options.sbatch.empty());
    CHECK(run_arguments(given).empty());
  });
}

TEST_CASE("an array has so many jobs, and so many at a time") {
  parse_submit({"EXP", "--array", "8"}, [](const SubmitOptions& options, const Given&) {
    CHECK(options.array->tasks == 8);
    CHECK(options.array->at_a_time == 0);
  });
  parse_submit({"EXP", "--array", "8%2"}, [](const SubmitOptions& options, const Given&) {
    CHECK(options.array->tasks == 8);
    CHECK(options.array->at_a_time == 2);
  });
  for (const char* bad : {"0", "-1", "0-7", "8%", "8%0", "%2", "x", "1,2", ""}) {
    refuse({"EXP", std::string("--array=") + bad});
  }
}

TEST_CASE("options of run go along as they were given, and those of the job do not") {
  parse_submit(
      {"EXP", "--plugin", "a.so", "--plugin", "b c.so", "--time", "4:00:00", "--checkpoint",
       "--filter", "-x < 1", "--grace", "5s", "--account", "lab", "-j", "2"},
      [](const SubmitOptions& options, const Given& given) {
        CHECK(run_arguments(given) == Words{"--plugin=a.so", "--plugin=b c.so", "--filter=-x < 1",
                                            "--jobs=2", "--grace=5s", "--checkpoint"});
        CHECK(options.run.host.plugins.size() == 2);
        CHECK(options.account == "lab");
      });
}

TEST_CASE("what they are is run's business to refuse at once") {
  refuse({"EXP", "--grace", "soon"});
  refuse({"EXP", "--no-such-option"});
  refuse({"EXP", "--chain", "0"});
  refuse({});
}

TEST_CASE("what stands behind two dashes is for sbatch") {
  parse_submit({"EXP", "--nodes", "2", "--", "--mem=4G", "-C", "a100", "--nodes=9"},
               [](const SubmitOptions& options, const Given&) {
                 CHECK(options.shape.nodes == 2);
                 CHECK(options.sbatch == Words{"--mem=4G", "-C", "a100", "--nodes=9"});
               });
}
