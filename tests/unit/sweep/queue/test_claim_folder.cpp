#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "base/claims/writer_lock.hpp"
#include "base/files/paths.hpp"
#include "catch.hpp"
#include "sweep/queue/claim_folder.hpp"
#include "temp_folder.hpp"
#include "writer_help.hpp"

using namespace malet;
using namespace malet::sweep;
using malet::test::TempFolder;
using Kind = Claims::Answer::Kind;
using State = base::ChunkClaim::State;

namespace {

const base::WriterRole role{base::WriterMode::queue, {}};

/// An experiment folder of several jobs.
class Place {
 public:
  Place() {
    std::filesystem::create_directories(base::paths::claims(folder_.path()));
    std::filesystem::create_directories(base::paths::log_splits(folder_.path()));
  }

  [[nodiscard]] std::filesystem::path path() const { return folder_.path(); }
  /// A job that lives, or is dead, as a writer file says.
  std::string add(const std::string& job, const base::Writer& writer) const {
    test::put_writer(base::paths::writer(base::paths::job_log(path(), job)), writer);
    return writer.token;
  }
  [[nodiscard]] std::string living(const std::string& job) const {
    return add(job, test::living_writer(role));
  }
  std::string dead(const std::string& job) const { return add(job, test::dead_writer(role)); }
  void put(std::uint64_t chunk, const base::ChunkClaim& claim) const {
    test::put_file(base::paths::claim(path(), chunk), base::claim_text(claim));
  }
  void put(std::uint64_t chunk, const std::string& text) const {
    test::put_file(base::paths::claim(path(), chunk), text);
  }
  [[nodiscard]] base::ChunkClaim at(std::uint64_t chunk) const {
    return base::parse_claim(folder_.read("claims/" + std::to_string(chunk))).value();
  }
  [[nodiscard]] std::vector<std::string> files() const { return folder_.files("claims"); }

 private:
  TempFolder folder_;
};

int no_link(const char*, const char*) {
  errno = EPERM;
  return -1;
}

int full_link(const char*, const char*) {
  errno = ENOSPC;
  return -1;
}

}  // namespace

TEST_CASE("a chunk that nobody has is claimed, and held against others while the job lives") {
  const Place place;
  ClaimFolder a(place.path(), "a", place.living("a"));
  ClaimFolder b(place.path(), "b", place.living("b"));
  const auto answer = a.claim(7, false);
  CHECK(answer.kind == Kind::ours);
  CHECK(answer.jobs.empty());
  CHECK(place.at(7).jobs == std::vector<std::string>{"a"});
  CHECK(b.claim(7, true).kind == Kind::held);
  CHECK(a.is_ours(7));
  CHECK_FALSE(b.is_ours(7));
  CHECK_FALSE(b.is_ours(8));
}

TEST_CASE("all fresh claims of a job are one file, and nothing is left beside them") {
  const Place place;
  {
    ClaimFolder a(place.path(), "a", place.living("a"));
    for (std::uint64_t chunk = 0; chunk < 5; ++chunk)
      CHECK(a.claim(chunk, false).kind == Kind::ours);
    struct stat about {};
    REQUIRE(::stat(base::paths::claim(place.path(), 0).c_str(), &about) == 0);
    CHECK(about.st_nlink == 6);
  }
  CHECK(place.files() == std::vector<std::string>{"0", "1", "2", "3", "4"});
}

TEST_CASE("where links do not work claims are made one by one") {
  const Place place;
  const base::ClaimMeans means{{}, no_link, base::lock_file};
  ClaimFolder a(place.path(), "a", place.living("a"), means);
  ClaimFolder b(place.path(), "b", place.living("b"), means);
  CHECK(a.claim(0, false).kind == Kind::ours);
  CHECK(b.claim(0, false).kind == Kind::held);
  CHECK(b.claim(1, false).kind == Kind::ours);
}

TEST_CASE("a chunk that was given back is anybody's, who learns whose logs to look into") {
  const Place place;
  ClaimFolder a(place.path(), "a", place.living("a"));
  ClaimFolder b(place.path(), "b", place.living("b"));
  CHECK(a.claim(0, false).kind == Kind::ours);
  a.give_back(0);
  CHECK(place.at(0).state == State::open);
  const auto answer = b.claim(0, false);
  CHECK(answer.kind == Kind::ours);
  CHECK(answer.jobs == std::vector<std::string>{"a"});
  CHECK(place.at(0).jobs == std::vector<std::string>{"a", "b"});
  b.give_back(0);
  CHECK(a.claim(0, false).jobs == std::vector<std::string>{"a", "b"});
  CHECK(place.at(0).jobs == std::vector<std::string>{"b", "a"});
}

TEST_CASE("a chunk that is done is nobody's any more, unless configs failed and are to run again") {
  const Place place;
  ClaimFolder a(place.path(), "a", place.living("a"));
  ClaimFolder b(place.path(), "b", place.living("b"));
  for (const std::uint64_t chunk : {0U, 1U}) CHECK(a.claim(chunk, false).kind == Kind::ours);
  a.finish(0, 0);
  a.finish(1, 2);
  CHECK(b.claim(0, true).kind == Kind::done);
  const auto refused = b.claim(1, false);
  CHECK(refused.kind == Kind::done);
  CHECK(refused.failed == 2);
  CHECK(b.claim(1, true).kind == Kind::ours);
  CHECK(a.claim(1, true).kind == Kind::held);
}

TEST_CASE("a dead job's chunk is taken over") {
  const Place place;
  place.put(3, {State::held, place.dead("old"), {"older", "old"}, 0});
  ClaimFolder a(place.path(), "a", place.living("a"));
  const auto answer = a.claim(3, false);
  CHECK(answer.kind == Kind::ours);
  CHECK(answer.jobs == std::vector<std::string>{"older", "old"});
  CHECK(place.at(3).jobs == std::vector<std::string>{"older", "old", "a"});
}

TEST_CASE("a job that came again under its name does not own what it had before") {
  const Place place;
  place.put(3, {State::held, "its earlier token", {"9"}, 0});
  const std::string token = place.living("9");
  ClaimFolder a(place.path(), "a", place.living("a"));
  CHECK(a.claim(3, false).kind == Kind::ours);
  place.put(4, {State::held, token, {"9"}, 0});
  CHECK(a.claim(4, false).kind == Kind::held);
}

TEST_CASE("a job that ended without a word is dead") {
  const Place place;
  place.put(3, {State::held, "token", {"gone"}, 0});
  ClaimFolder a(place.path(), "a", place.living("a"));
  CHECK(a.claim(3, false).kind == Kind::ours);
}

TEST_CASE("a job elsewhere is dead when it has not touched its writer file for two minutes") {
  const Place place;
  const std::string token = place.add("far", test::distant_writer(role));
  place.put(3, {State::held, token, {"far"}, 0});
  ClaimFolder a(place.path(), "a", place.living("a"));
  CHECK(a.claim(3, false).kind == Kind::held);
  test::make_old(base::paths::writer(base::paths::job_log(place.path(), "far")), 130);
  ClaimFolder b(place.path(), "b", place.living("b"));
  CHECK(b.claim(3, false).kind == Kind::ours);
}

TEST_CASE("a job puts claims of its own right that were removed or torn") {
  const Place place;
  ClaimFolder a(place.path(), "a", place.living("a"));
  place.put(1, {State::open, "gone", {"old"}, 0});
  for (const std::uint64_t chunk : {0U, 1U}) CHECK(a.claim(chunk, false).kind == Kind::ours);
  const base::ChunkClaim fresh = place.at(0);
  const base::ChunkClaim taken = place.at(1);
  std::filesystem::remove(base::paths::claim(place.path(), 0));
  place.put(1, std::string("{"));
  for (const std::uint64_t chunk : {0U, 1U, 0U, 1U}) a.keep(chunk);
  CHECK(place.at(0) == fresh);
  CHECK(place.at(1) == taken);
  CHECK(a.take_warnings().size() == 2);
}

TEST_CASE("where claims were removed all logs are to be looked into") {
  const Place place;
  ClaimFolder a(place.path(), "a", place.living("a"));
  place.put(0, {State::done, "b's", {"b"}, 0});
  CHECK(a.claim(0, false).kind == Kind::done);
  CHECK_FALSE(a.claim(1, false).is_unknown);
  std::filesystem::remove(base::paths::claim(place.path(), 0));
  CHECK(a.claim(0, false).is_unknown);
  CHECK(a.claim(2, false).is_unknown);
}

TEST_CASE("a torn claim is taken over once no other job lives") {
  const Place place;
  place.put(0, std::string(R"({"state": "he)"));
  place.put(1, std::string());
  ClaimFolder a(place.path(), "a", place.add("a", test::living_writer(role)));
  {
    (void)place.living("b");
    CHECK(a.claim(0, false).kind == Kind::held);
  }
  place.dead("b");
  ClaimFolder c(place.path(), "a", place.living("a"));
  for (const std::uint64_t chunk : {0U, 1U}) {
    const auto answer = c.claim(chunk, false);
    CHECK(answer.kind == Kind::ours);
    CHECK(answer.is_unknown);
  }
}

TEST_CASE("of those who take over one dead job's chunks each chunk has one taker") {
  const Place place;
  const std::string token = place.dead("old");
  constexpr std::uint64_t chunks = 60;
  for (std::uint64_t chunk = 0; chunk < chunks; ++chunk) {
    place.put(chunk, {State::held, token, {"old"}, 0});
  }
  std::vector<std::atomic<int>> taken(chunks);
  std::vector<std::thread> takers;
  for (const char* job : {"a", "b", "c", "d"}) {
    takers.emplace_back([&place, &taken, job, mine = place.living(job)] {
      ClaimFolder claims(place.path(), job, mine);
      for (std::uint64_t chunk = 0; chunk < chunks; ++chunk) {
        if (claims.claim(chunk, false).kind == Kind::ours) ++taken[chunk];
      }
    });
  }
  for (std::thread& taker : takers) taker.join();
  CHECK(std::all_of(taken.begin(), taken.end(), [](const auto& times) { return times == 1; }));
}

TEST_CASE("who finishes a chunk whose claim was removed says so, and it is done") {
  const Place place;
  ClaimFolder a(place.path(), "a", place.living("a"));
  CHECK(a.claim(0, false).kind == Kind::ours);
  std::filesystem::remove(base::paths::claim(place.path(), 0));
  a.finish(0, 1);
  CHECK(place.at(0).state == State::done);
  const auto warnings = a.take_warnings();
  REQUIRE(warnings.size() == 1);
  CHECK_THAT(warnings[0], Catch::Contains("claims/0: was removed"));
  CHECK(a.take_warnings().empty());
}

TEST_CASE("a claim that was damaged, or whose folder was removed, is put right") {
  const Place place;
  ClaimFolder a(place.path(), "a", place.living("a"));
  for (const std::uint64_t chunk : {0U, 1U}) CHECK(a.claim(chunk, false).kind == Kind::ours);
  place.put(0, std::string("{"));
  a.finish(0, 0);
  CHECK(place.at(0).state == State::done);
  std::filesystem::remove_all(base::paths::claims(place.path()));
  CHECK(a.claim(2, false).kind == Kind::ours);
  CHECK(place.at(2).state == State::held);
}

TEST_CASE("who was taken for dead leaves the other one's claim as it is") {
  const Place place;
  ClaimFolder a(place.path(), "a", place.living("a"));
  CHECK(a.claim(0, false).kind == Kind::ours);
  const base::ChunkClaim other{State::held, place.living("b"), {"a", "b"}, 0};
  place.put(0, other);
  a.finish(0, 0);
  CHECK(place.at(0) == other);
  CHECK(a.take_warnings().size() == 1);
}

TEST_CASE("where nothing can be written nothing is ours, and that is said once") {
  const Place place;
  ClaimFolder a(place.path(), "a", place.living("a"), {{}, full_link, base::lock_file});
  CHECK(a.claim(0, false).kind == Kind::held);
  CHECK(a.claim(1, false).kind == Kind::held);
  CHECK(a.take_warnings().size() == 1);
}
