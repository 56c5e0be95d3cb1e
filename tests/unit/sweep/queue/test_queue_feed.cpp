#include <algorithm>
#include <numeric>
#include <random>

#include "catch.hpp"
#include "simulated_queue.hpp"
#include "sweep/queue/queue_feed.hpp"

using namespace malet;
using namespace malet::sweep;
using malet::test::SharedClaims;
using malet::test::SharedFolder;
using malet::test::SimulatedQueue;

namespace {

const auto start = WorkFeed::Clock::time_point() + std::chrono::hours(1);

ConfigIter grid(std::uint64_t size) {
  return ConfigIter::from_text("grid: {a: [i;0:1:" + std::to_string(size) + "]}");
}

std::vector<std::uint64_t> indices(const WorkFeed::Work& work) {
  std::vector<std::uint64_t> found;
  for (const IndexRange& range : work.ranges) {
    for (std::uint64_t i = 0; i < range.count; ++i) found.push_back(range.first + i * range.step);
  }
  return found;
}

/// One job of several that share a folder.
struct Member {
  Member(SharedFolder& shared, std::string name, ConfigIter configs, std::uint64_t chunk_size = 1,
         std::function<void(QueueFeed::Settings&)> change = {})
      : job(std::move(name)), claims(shared, job) {
    shared.living.insert(job);
    QueueFeed::Settings settings{configs, {configs.grid_size(), chunk_size}};
    settings.patience = std::chrono::seconds(10);
    if (change) change(settings);
    feed.emplace(
        std::move(settings), shared.read_all(), claims,
        [this, &shared](const auto& jobs, bool all) {
          read.push_back(all ? std::vector<std::string>{"all"} : jobs);
          if (!can_read) return std::shared_ptr<const Findings>();
          return std::make_shared<const Findings>(all ? shared.read_all() : shared.read(jobs));
        });
  }

  std::vector<std::uint64_t> take(std::uint64_t count, WorkFeed::Clock::time_point now = start) {
    return indices(feed->take(count, now));
  }
  void end(std::vector<std::uint64_t> ended, RunEnd how = RunEnd::complete) {
    for (const std::uint64_t index : ended) feed->on_end(index, how);
    feed->settle(start, WorkFeed::Clock::time_point::max());
  }

  std::string job;
  SharedClaims claims;
  std::vector<std::vector<std::string>> read;  // whose logs were looked into
  bool can_read = true;
  std::optional<QueueFeed> feed;
};

using Indices = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("chunks hold one config each where that is not too many, else more") {
  CHECK(cut(4096) == Chunks{4096, 1});
  CHECK(cut(4097) == Chunks{4097, 2});
  CHECK(cut(4097).count() == 2049);
  CHECK(cut(1'000'000'000).count() <= most_chunks);
  CHECK(cut(0).count() == 0);
  CHECK(cut(4097).end(2048) == 4097);
}

TEST_CASE("a job takes no more chunks than it needs, and of two each takes other ones") {
  SharedFolder folder;
  Member a(folder, "a", grid(10));
  Member b(folder, "b", grid(10));
  CHECK(a.take(2) == Indices{0, 1});
  CHECK(b.take(3) == Indices{2, 3, 4});
  CHECK(a.take(1) == Indices{5});
  CHECK(folder.claims.size() == 6);
}

TEST_CASE("a chunk of several configs is handed out as a whole") {
  SharedFolder folder;
  Member a(folder, "a", grid(10), 4);
  CHECK(a.take(1) == Indices{0, 1, 2, 3});
  CHECK(a.take(5) == Indices{4, 5, 6, 7, 8, 9});
  CHECK(a.take(1).empty());
}

TEST_CASE("what is complete is not asked for, and of a chunk in part only the rest is run") {
  SharedFolder folder;
  folder.logs["old"] = {{0, Standing::complete}, {1, Standing::complete}, {3, Standing::complete}};
  Member a(folder, "a", grid(6), 2);
  CHECK(a.take(9) == Indices{2, 4, 5});
  CHECK(folder.claims.size() == 2);
}

TEST_CASE("chunks with new configs come first, then failed ones, each once") {
  SharedFolder folder;
  folder.logs["old"] = {{0, Standing::failed}, {2, Standing::interrupted}};
  Member a(folder, "a", grid(4));
  CHECK(a.take(9) == Indices{1, 2, 3, 0});
  a.end({1, 2, 3});
  a.end({0}, RunEnd::failed);
  CHECK(a.take(1).empty());
  CHECK(a.feed->is_over(start));
  CHECK(folder.claims[0].failed == 1);
}

TEST_CASE("failed configs stay as they are where they are not to run again") {
  SharedFolder folder;
  folder.logs["old"] = {{0, Standing::failed}};
  Member a(folder, "a", grid(2), 1, [](auto& settings) { settings.rerun_failed = false; });
  CHECK(a.take(9) == Indices{1});
}

TEST_CASE("what failed at another job is run once by each other one, but not by itself") {
  SharedFolder folder;
  Member a(folder, "a", grid(2));
  Member b(folder, "b", grid(2));
  CHECK(a.take(1) == Indices{0});
  CHECK(b.take(1) == Indices{1});
  folder.logs["a"][0] = Standing::failed;
  a.end({0}, RunEnd::failed);
  b.end({1});
  CHECK(a.take(1).empty());
  CHECK(b.take(1) == Indices{0});
  CHECK(b.read == std::vector<std::vector<std::string>>{{"a"}});
  folder.logs["b"][0] = Standing::failed;
  b.end({0}, RunEnd::failed);
  CHECK(b.take(1).empty());
  CHECK(b.feed->is_over(start));
  CHECK(a.feed->is_over(start));
}

TEST_CASE("of a chunk with a config that failed here what failed elsewhere is run") {
  SharedFolder folder;
  folder.logs["old"] = {{0, Standing::failed}};
  Member a(folder, "a", grid(2), 2);
  CHECK(a.take(1) == Indices{1});
  a.end({1}, RunEnd::failed);
  CHECK(folder.claims[0].failed == 2);
  CHECK(a.take(1) == Indices{0});
  a.end({0});
  CHECK(folder.claims[0].failed == 1);
  CHECK(a.take(1).empty());
}

TEST_CASE("a dead job's chunk is taken over, and what it finished is not run again") {
  SharedFolder folder;
  Member a(folder, "a", grid(6), 3);
  CHECK(a.take(1) == Indices{0, 1, 2});
  folder.logs["a"] = {{0, Standing::complete}, {1, Standing::running}};
  Member b(folder, "b", grid(6), 3);
  CHECK(b.take(1) == Indices{3, 4, 5});
  b.end({3, 4, 5});
  CHECK(b.take(1).empty());
  CHECK_FALSE(b.feed->is_over(start));
  folder.living.erase("a");
  CHECK(b.take(1, start + std::chrono::seconds(6)) == Indices{2, 1});
  CHECK(b.read == std::vector<std::vector<std::string>>{{"a"}});
  b.end({2, 1});
  CHECK(b.feed->is_over(start));
}

TEST_CASE("a job that gives back leaves the rest of its chunks to others") {
  SharedFolder folder;
  Member a(folder, "a", grid(4), 2);
  CHECK(a.take(4) == Indices{0, 1, 2, 3});
  folder.logs["a"] = {{0, Standing::complete}, {1, Standing::interrupted}};
  a.feed->on_end(0, RunEnd::complete);
  a.feed->on_end(1, RunEnd::interrupted);
  a.feed->leave();
  folder.living.erase("a");
  Member b(folder, "b", grid(4), 2);
  CHECK(b.take(4) == Indices{1, 2, 3});
}

TEST_CASE("a chunk is done for others only when what ended in it is on disk") {
  using std::chrono::seconds;
  SharedFolder folder;
  Member a(folder, "a", grid(2));
  CHECK(a.take(2) == Indices{0, 1});
  a.feed->on_end(0, RunEnd::complete);
  a.feed->settle(start, start - seconds(1));
  CHECK(folder.claims[0].state == SharedFolder::State::held);
  a.feed->on_end(1, RunEnd::complete);
  a.feed->settle(start + seconds(1), start);
  CHECK(folder.claims[0].state == SharedFolder::State::done);
  CHECK(folder.claims[1].state == SharedFolder::State::held);
  CHECK(a.feed->is_over(start + seconds(1)));
  a.feed->leave();
  CHECK(folder.claims[1].state == SharedFolder::State::done);
}

TEST_CASE("what other jobs have completed is told once") {
  SharedFolder folder;
  folder.logs["old"] = {{0, Standing::complete}};
  Member a(folder, "a", grid(6), 3);
  Member b(folder, "b", grid(6), 3);
  CHECK(a.take(1) == Indices{1, 2});
  CHECK(b.take(1) == Indices{3, 4, 5});
  a.end({1, 2});
  CHECK(b.feed->take(1, start + std::chrono::seconds(6)).completed_elsewhere == 2);
  CHECK(b.feed->take(1, start + std::chrono::seconds(20)).completed_elsewhere == 0);
}

TEST_CASE("a chunk whose earlier log cannot be read now is given back and asked for again") {
  SharedFolder folder;
  Member a(folder, "a", grid(1));
  CHECK(a.take(1) == Indices{0});
  Member b(folder, "b", grid(1));
  folder.living.erase("a");
  b.can_read = false;
  CHECK(b.take(1).empty());
  CHECK(folder.claims[0].state == SharedFolder::State::open);
  CHECK_FALSE(b.feed->is_over(start));
  b.can_read = true;
  CHECK(b.take(1, start + std::chrono::seconds(6)) == Indices{0});
}

TEST_CASE("waiting for others ends when patience does") {
  SharedFolder folder;
  Member a(folder, "a", grid(1));
  Member b(folder, "b", grid(1));
  CHECK(a.take(1) == Indices{0});
  CHECK(b.take(1).empty());
  CHECK(b.feed->has_more());
  CHECK_FALSE(b.feed->is_over(start));
  CHECK_FALSE(b.feed->is_over(start + std::chrono::seconds(9)));
  CHECK(b.feed->is_over(start + std::chrono::seconds(11)));
}

TEST_CASE("who waits asks less and less often, and again at once when something has changed") {
  SharedFolder folder;
  Member a(folder, "a", grid(2));
  Member b(folder, "b", grid(2));
  CHECK(a.take(2) == Indices{0, 1});
  CHECK(b.take(1).empty());
  const auto before = folder.asked;
  for (int ms = 0; ms < 10'000; ms += 10)
    CHECK(b.take(1, start + std::chrono::milliseconds(ms)).empty());
  CHECK(folder.asked - before < 2 * 10);
  a.end({0, 1});
  CHECK(b.take(1, start + std::chrono::seconds(20)).empty());
  CHECK(b.feed->is_over(start + std::chrono::seconds(20)));
}

TEST_CASE("with a filter a chunk is done only when all its configs are the job's") {
  SharedFolder folder;
  ConfigIter some = grid(4);
  some.filter_iter([](std::uint64_t index, const Config&) { return index != 1; });
  Member a(folder, "a", some, 2);
  CHECK(a.take(9) == Indices{0, 2, 3});
  folder.logs["a"] = {{0, Standing::complete}, {2, Standing::complete}, {3, Standing::complete}};
  a.end({0, 2, 3});
  CHECK(folder.claims[0].state == SharedFolder::State::open);
  CHECK(folder.claims[1].state == SharedFolder::State::done);
  CHECK(a.feed->is_over(start));
  Member b(folder, "b", grid(4), 2);
  CHECK(b.take(9) == Indices{1});
}

TEST_CASE("a removed claim of a job that is at it leads to no second run of what it runs") {
  SharedFolder folder;
  Member a(folder, "a", grid(2));
  CHECK(a.take(1) == Indices{0});
  folder.logs["a"] = {{0, Standing::running}};
  folder.claims.clear();
  Member b(folder, "b", grid(2));
  CHECK(b.take(1).empty());
  CHECK(b.read == std::vector<std::vector<std::string>>{{"all"}});
  CHECK(b.take(1) == Indices{1});
}

TEST_CASE("repeats run once, whichever chunk they are in") {
  SharedFolder folder;
  const auto configs = ConfigIter::from_text("grid: {a: [1, 2, 1, 3, 2]}");
  Member a(folder, "a", configs, 2, [](auto& settings) { settings.may_repeat = true; });
  CHECK(a.take(9) == Indices{0, 1, 3});
  a.end({0, 1, 3});
  CHECK(a.feed->is_over(start));
}

TEST_CASE("the longest chunks come first, and in them the longest configs") {
  SharedFolder folder;
  Member a(folder, "a", grid(6), 2, [](auto& settings) {
    settings.expected = [](std::uint64_t index) { return static_cast<double>(index * 7 % 6); };
  });
  CHECK(a.take(9) == Indices{5, 4, 3, 2, 1, 0});
}

TEST_CASE("several jobs complete everything and run nothing twice") {
  constexpr std::uint64_t size = 20'000;
  SimulatedQueue queue(grid(size), cut(size),
                       [](std::uint64_t index) { return 0.5 + static_cast<double>(index % 7); });
  for (int i = 0; i < 5; ++i) queue.add({100.0 * i, 8});
  const auto outcome = queue.run();
  CHECK(std::all_of(outcome.begun.begin(), outcome.begun.end(), [](auto n) { return n == 1; }));
  // Who has nothing left waits for the others' end, and they share the tail.
  const auto [first, last] = std::minmax_element(outcome.ended.begin(), outcome.ended.end());
  CHECK(*first >= 0);
  CHECK(*last - *first < 60);
  CHECK(outcome.makespan < 1.02 * 3.5 * size / 40 + 300);
}

TEST_CASE(
    "jobs that die, leave and join at random complete everything, and only what was cut "
    "runs twice") {
  for (std::uint64_t round = 0; round < 4; ++round) {
    std::mt19937_64 random(round);
    const std::uint64_t size = round % 2 == 0 ? 3'000 : 30'000;
    std::uniform_real_distribution<double> when(0, static_cast<double>(size) / 10);
    SimulatedQueue queue(grid(size), cut(size),
                         [](std::uint64_t index) { return 0.1 + static_cast<double>(index % 11); });
    for (int i = 0; i < 40; ++i) {
      const double starts = when(random);
      SimulatedQueue::Job job{starts, 1 + random() % 12};
      (i % 2 == 0 ? job.dies : job.leaves) = starts + when(random);
      queue.add(job);
    }
    queue.add({static_cast<double>(size) / 10, 16});  // lives to the end
    const auto outcome = queue.run();
    std::uint64_t wrong = 0;
    for (std::uint64_t index = 0; index < size; ++index) {
      const bool is_right =
          outcome.completed[index] == 1 && outcome.begun[index] == 1 + outcome.cut[index];
      wrong += is_right ? 0 : 1;
    }
    CHECK(wrong == 0);
    CHECK(outcome.ended.back() >= 0);
  }
}

TEST_CASE("of jobs that die where configs fail at random, each runs a failed one once at most") {
  constexpr std::uint64_t size = 2'000;
  constexpr int jobs = 12;
  std::mt19937_64 random(5);
  SimulatedQueue queue(
      grid(size), {size, 3}, [](std::uint64_t index) { return 0.1 + double(index % 5); },
      [](std::uint64_t index, std::size_t job) {
        return index % 10 == 0 && (index + job) % 3 != 0;
      });
  for (int i = 0; i < jobs; ++i) {
    SimulatedQueue::Job job{static_cast<double>(random() % 200), 4};
    if (i % 3 == 0) job.dies = job.starts + static_cast<double>(random() % 300);
    queue.add(job);
  }
  const auto outcome = queue.run();
  for (std::uint64_t index = 0; index < size; ++index) {
    if (outcome.completed[index] != 1) FAIL("config " << index << " is not complete");
    if (outcome.failed[index] > jobs) FAIL("config " << index << " ran too often");
    if (index % 10 != 0 && outcome.begun[index] != 1 + outcome.cut[index]) FAIL("ran twice");
  }
}
