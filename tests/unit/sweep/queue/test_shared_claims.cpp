#include "base/claims/chunk_claim.hpp"
#include "base/files/paths.hpp"
#include "catch.hpp"
#include "malet/error.hpp"
#include "sweep/queue/shared_claims.hpp"
#include "temp_folder.hpp"
#include "writer_help.hpp"

using namespace malet;
using namespace malet::sweep;
using Catch::Contains;

namespace {

const base::WriterRole queue_role{base::WriterMode::queue, {}};

ConfigIter grid(const std::string& values) {
  return ConfigIter::from_text("grid: {a: [" + values + "]}");
}

struct SharedPlace {
  test::TempFolder folder;
  base::Writer self = test::living_writer(queue_role);

  SharedPlace() { add("self", self); }
  void add(const std::string& job, const base::Writer& writer) const {
    const auto path = base::paths::writer(base::paths::job_log(folder.path(), job));
    std::filesystem::create_directories(path.parent_path());
    test::put_writer(path, writer);
  }
  void share(const ConfigIter& configs) const { share_claims(folder.path(), configs, self); }
};

}  // namespace

TEST_CASE("the first job says how the configs are cut, and what is there it throws away") {
  const SharedPlace place;
  place.folder.write("claims/3", "old");
  place.folder.write("claims/.claim.x.held", "old");
  place.folder.write("claims/notes.txt", "not ours");
  place.share(grid("i;0:1:5000"));
  CHECK(place.folder.files("claims") == std::vector<std::string>{"grid.json", "notes.txt"});
  CHECK_THAT(place.folder.read("claims/grid.json"),
             Contains(R"("configs": 5000, "chunk_size": 2)"));
}

TEST_CASE("a job that comes while another lives keeps the claims") {
  const SharedPlace place;
  place.share(grid("1, 2"));
  place.folder.write("claims/0", "held");
  place.add("other", test::living_writer(queue_role));
  place.share(grid("1, 2"));
  CHECK(place.folder.files("claims") == std::vector<std::string>{"0", "grid.json"});
}

TEST_CASE(
    "a job with another grid is refused while another lives, and begins anew when none does") {
  const SharedPlace place;
  place.share(grid("1, 2"));
  place.folder.write("claims/0", "held");
  place.add("other", test::living_writer(queue_role));
  for (const char* values : {"1, 3", "1, 2, 3", "2, 1"}) {
    try {
      place.share(grid(values));
      FAIL("was not refused");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::refused);
      CHECK_THAT(error.what(), Contains("grid.json") && Contains("exp_config.yaml"));
    }
  }
  CHECK(place.folder.files("claims") == std::vector<std::string>{"0", "grid.json"});
  place.add("other", test::dead_writer(queue_role));
  place.share(grid("1, 2, 3"));
  CHECK(place.folder.files("claims") == std::vector<std::string>{"grid.json"});
}
