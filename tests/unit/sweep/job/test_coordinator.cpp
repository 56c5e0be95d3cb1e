#include "catch.hpp"
#include "fakes.hpp"
#include "malet/experiment.hpp"
#include "sweep/job/coordinator.hpp"
#include "temp_folder.hpp"

using namespace malet;
using namespace malet::sweep;
using Kind = MessageKind;
using std::chrono::seconds;

namespace {

/// A coordinator whose workers are the test.
class Bench {
 public:
  explicit Bench(std::uint64_t size, std::size_t workers, Coordinator::Settings settings = {},
                 StopPolicy stop = {StopPolicy::Clock::now(), {}, seconds(20), false})
      : configs_(ConfigIter::from_text("grid: {a: [i;0:1:" + std::to_string(size) + "]}")),
        recorder_(logs(), {}, settings.retries > 0),
        attempts_({folder.path() / "log.tsv"}, configs_,
                  std::vector<SlotFacts>(workers, SlotFacts{"n", 0, 0, ""})),
        channel_(talk),
        coordinator_(channel_, {WorkList(configs_, {}, false, false), workers}, recorder_, stop,
                     with_rest(std::move(settings), size, workers)) {}

  Coordinator& coordinator() { return coordinator_; }
  void hear(std::size_t worker, std::string message) {
    talk.arriving.push_back({static_cast<int>(worker) + 1, std::move(message)});
    (void)coordinator_.turn();
  }
  void all_ready(std::size_t workers) {
    for (std::size_t worker = 0; worker < workers; ++worker) hear(worker, encode(Kind::ready));
  }
  void end_run(std::size_t worker, std::uint64_t index, RunEnd end, Micros duration = seconds(1)) {
    RunRecord record;
    record.index = index;
    record.end = end;
    record.duration = duration;
    if (end != RunEnd::complete) record.error = "no luck";
    record.attempt.emplace().number = 1;
    std::string batch;
    append_record(batch, record);
    hear(worker, batch);
  }
  /// The configs that a worker was assigned last.
  std::vector<IndexRange> assigned(std::size_t worker) const {
    for (auto sent = talk.sent.rbegin(); sent != talk.sent.rend(); ++sent) {
      const bool is_it = sent->to == static_cast<int>(worker) + 1;
      if (is_it && kind_of(sent->message) == Kind::assign) return decode_ranges(sent->message);
    }
    return {};
  }
  std::size_t attempt_lines() const {
    const std::string text = folder.read("log.tsv.attempts.jsonl");
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }

  test::TempFolder folder;
  test::ChannelScript talk;
  std::vector<Failure> failures;
  std::vector<std::string> events;

 private:
  std::vector<LogWriter> logs() const {
    std::vector<LogWriter> writers;
    writers.emplace_back(
        ExperimentLog::from_config_iter(configs_, Experiment::infos(), folder.path() / "log.tsv"),
        std::vector<std::uint64_t>(), configs_, "");
    return writers;
  }
  Coordinator::Settings with_rest(Coordinator::Settings settings, std::uint64_t size,
                                  std::size_t workers) {
    settings.workers = workers;
    settings.counts.total = settings.counts.pending = size;
    settings.attempts = &attempts_;
    settings.progress_interval = {};
    settings.on_failure = [this](const Failure& failure) { failures.push_back(failure); };
    settings.on_progress = [this](const Progress& progress) {
      events.insert(events.end(), progress.events.begin(), progress.events.end());
    };
    return settings;
  }

  ConfigIter configs_;
  Recorder recorder_;
  AttemptLog attempts_;
  test::FakeChannel channel_;
  Coordinator coordinator_;
};

Coordinator::Settings with_retries(std::uint64_t retries) {
  Coordinator::Settings settings;
  settings.retries = retries;
  return settings;
}

}  // namespace

TEST_CASE("a job is over when every config has ended") {
  Bench bench(2, 1);
  bench.all_ready(1);
  bench.end_run(0, 0, RunEnd::complete);
  CHECK_FALSE(bench.coordinator().is_over());
  bench.end_run(0, 1, RunEnd::failed);
  CHECK(bench.coordinator().is_over());
  const auto result = bench.coordinator().finish();
  CHECK(result.counts.completed == 1);
  CHECK(result.counts.failed == 1);
  CHECK(result.counts.pending == 0);
  CHECK_FALSE(result.stopped);
  CHECK(bench.attempt_lines() == 2);
  REQUIRE(bench.failures.size() == 1);
  CHECK(bench.failures[0].index == 1);
  CHECK(bench.failures[0].error == "no luck");
  CHECK_FALSE(bench.failures[0].will_retry);
}

TEST_CASE("a config that fails is tried again elsewhere, as often as allowed") {
  Bench bench(1, 2, with_retries(2));
  bench.all_ready(2);
  bench.end_run(0, 0, RunEnd::failed);
  CHECK(bench.assigned(1) == std::vector<IndexRange>{{0, 1, 1}});
  // Who runs it next is told how many attempts there were.
  REQUIRE(bench.talk.of(Kind::resume).size() == 1);
  CHECK(decode_resume(bench.talk.of(Kind::resume)[0]).attempts == 1);
  bench.end_run(1, 0, RunEnd::failed);
  CHECK(decode_resume(bench.talk.of(Kind::resume).back()).attempts == 2);
  CHECK_FALSE(bench.coordinator().is_over());
  bench.end_run(0, 0, RunEnd::failed);
  CHECK(bench.coordinator().is_over());
  CHECK(bench.coordinator().finish().counts.failed == 1);
  REQUIRE(bench.failures.size() == 3);
  CHECK(bench.failures[1].will_retry);
  CHECK_FALSE(bench.failures[2].will_retry);
  CHECK(bench.attempt_lines() == 3);
}

TEST_CASE("a retry that succeeds counts as complete") {
  Bench bench(1, 1, with_retries(1));
  bench.all_ready(1);
  bench.end_run(0, 0, RunEnd::failed);
  bench.end_run(0, 0, RunEnd::complete);
  const auto result = bench.coordinator().finish();
  CHECK(result.counts.completed == 1);
  CHECK(result.counts.failed == 0);
}

TEST_CASE("an interrupted run is pending, and not tried again") {
  Bench bench(1, 1, with_retries(5));
  bench.all_ready(1);
  bench.end_run(0, 0, RunEnd::interrupted);
  bench.hear(0, encode(Kind::stopped));
  CHECK(bench.coordinator().is_over());
  const auto result = bench.coordinator().finish();
  CHECK(result.counts.running == 1);
  CHECK(result.stopped);
  CHECK(bench.failures.empty());
}

TEST_CASE("too many failures halt the job, and what runs may end") {
  Coordinator::Settings settings;
  settings.halt.failures = 2;
  Bench bench(10, 2, settings);
  bench.all_ready(2);
  bench.end_run(0, 0, RunEnd::failed);
  CHECK(bench.talk.of(Kind::drain).empty());
  bench.end_run(0, 2, RunEnd::failed);
  CHECK(bench.talk.of(Kind::drain).size() == 2);
  CHECK_FALSE(bench.coordinator().is_over());
  // What was assigned meanwhile comes back.
  const auto rest = bench.assigned(0);
  bench.hear(0, encode_ranges(Kind::returned, rest));
  bench.end_run(1, 1, RunEnd::complete);
  CHECK(bench.coordinator().is_over());
  const auto result = bench.coordinator().finish();
  CHECK(result.halted);
  CHECK_FALSE(result.by_order);
  CHECK(result.counts.failed == 2);
  CHECK(result.counts.completed == 1);
  CHECK(result.counts.pending == 7);
  CHECK_THAT(bench.events.at(0), ContainsSubstring("2 of 2 runs failed"));
}

TEST_CASE("a share of failures halts after ten runs, not before") {
  Coordinator::Settings settings;
  settings.halt.percent = 50;
  Bench bench(100, 1, settings);
  bench.all_ready(1);
  for (std::uint64_t i = 0; i < 9; ++i) {
    bench.end_run(0, i, i < 5 ? RunEnd::failed : RunEnd::complete);
  }
  CHECK(bench.talk.of(Kind::drain).empty());
  bench.end_run(0, 9, RunEnd::complete);
  CHECK(bench.talk.of(Kind::drain).size() == 1);
}

TEST_CASE("a failure that is tried again does not count for the halt") {
  Coordinator::Settings settings = with_retries(1);
  settings.halt.failures = 1;
  Bench bench(1, 1, settings);
  bench.all_ready(1);
  bench.end_run(0, 0, RunEnd::failed);
  CHECK(bench.talk.of(Kind::drain).empty());
  bench.end_run(0, 0, RunEnd::failed);
  CHECK(bench.talk.of(Kind::drain).size() == 1);
}

TEST_CASE("workers are told of the time limit as the median moves") {
  Coordinator::Settings settings;
  settings.run_timeout.median_percent = 300;
  Bench bench(20, 2, settings);
  bench.all_ready(1);
  for (std::uint64_t i = 0; i < 2; ++i) bench.end_run(0, i, RunEnd::complete);
  CHECK(bench.talk.of(Kind::limit).empty());
  bench.end_run(0, 2, RunEnd::complete);
  REQUIRE(bench.talk.of(Kind::limit).size() == 2);  // one for each worker
  CHECK(decode_limit(bench.talk.of(Kind::limit)[0]) == seconds(3));
  bench.end_run(0, 3, RunEnd::complete, Micros(1'010'000));
  CHECK(bench.talk.of(Kind::limit).size() == 2);
  for (std::uint64_t i = 4; i < 9; ++i) bench.end_run(0, i, RunEnd::complete, seconds(5));
  CHECK(decode_limit(bench.talk.of(Kind::limit).back()) == seconds(15));
}

TEST_CASE("failed runs do not move the median") {
  Coordinator::Settings settings;
  settings.run_timeout.median_percent = 300;
  Bench bench(20, 1, settings);
  bench.all_ready(1);
  for (std::uint64_t i = 0; i < 5; ++i) bench.end_run(0, i, RunEnd::failed);
  CHECK(bench.talk.of(Kind::limit).empty());
}

TEST_CASE("what is given back while more is on its way is taken out of the right place") {
  Bench bench(1000, 2);
  bench.all_ready(2);
  // Quick runs, until the worker has a chunk of several in hand and another one waiting.
  std::vector<std::uint64_t> queue = {0};
  std::size_t seen = 0;
  const auto collect = [&] {
    for (; seen < bench.talk.sent.size(); ++seen) {
      const auto& [to, message] = bench.talk.sent[seen];
      if (to != 1 || kind_of(message) != Kind::assign) continue;
      for (const auto& range : decode_ranges(message)) {
        for (std::uint64_t i = 0; i < range.count; ++i) queue.push_back(range.first + i);
      }
    }
  };
  queue.clear();
  collect();
  while (queue.size() < 12) {
    REQUIRE_FALSE(queue.empty());
    const auto index = queue.front();
    queue.erase(queue.begin());
    bench.end_run(0, index, RunEnd::complete, Micros(10));
    collect();
  }
  // It gives the end of its first chunk back, while the second one is on its way to it.
  const std::uint64_t head = queue[0];
  std::uint64_t last = head;
  while (std::find(queue.begin(), queue.end(), last + 1) != queue.end()) ++last;
  REQUIRE(bench.assigned(0).size() == 1);
  const IndexRange second = bench.assigned(0)[0];
  REQUIRE(second.first > head + 1);
  const IndexRange rest{head + 1, second.first - head - 1, 1};
  bench.hear(0, encode_ranges(Kind::returned, {rest}));
  bench.end_run(0, head, RunEnd::complete, seconds(1));
  // And then runs the second.
  CHECK_NOTHROW(bench.end_run(0, second.first, RunEnd::complete, seconds(1)));
}

TEST_CASE("a worker that says what cannot be is an error") {
  Bench bench(10, 1);
  bench.all_ready(1);
  SECTION("a config that it did not have") {
    CHECK_THROWS_AS(bench.end_run(0, 5, RunEnd::complete), Error);
  }
  SECTION("giving back what it did not have") {
    CHECK_THROWS_AS(bench.hear(0, encode_ranges(Kind::returned, {{7, 1, 1}})), Error);
  }
  SECTION("a message that is not for rank 0") {
    CHECK_THROWS_AS(bench.hear(0, encode(Kind::drain)), Error);
  }
  SECTION("that it cannot take part") {
    CHECK_THROWS_WITH(bench.hear(0, encode_unable(Error(ErrorKind::bad_input, "no plug-in"))),
                      "no plug-in");
  }
}

TEST_CASE("a slot that retires leaves its work to the others, and the last one ends the job") {
  Bench bench(3, 2);
  bench.all_ready(1);  // slot 1 never comes up
  bench.hear(1, encode_retired("no python3"));
  CHECK_FALSE(bench.coordinator().is_over());
  CHECK_THAT(bench.events.at(0), ContainsSubstring("slot 1 is out of service: no python3"));
  bench.end_run(0, 0, RunEnd::complete);
  bench.hear(0, encode_ranges(Kind::returned, bench.assigned(0)));
  bench.hear(0, encode_retired("no python3 either"));
  CHECK(bench.coordinator().is_over());
  const auto result = bench.coordinator().finish();
  CHECK(result.stopped);
  CHECK_FALSE(result.by_order);
  CHECK(result.retired == "no python3 either");
  CHECK(result.counts.pending == 2);
}

namespace {

/// Half of a job of 10 s is over.
StopPolicy half_over() {
  return {StopPolicy::Clock::now() - seconds(5), seconds(20), seconds(20), false};
}

Coordinator::Settings with_gate(std::uint64_t retries = 0) {
  Coordinator::Settings settings = with_retries(retries);
  settings.gate.emplace(seconds(10));
  return settings;
}

}  // namespace

TEST_CASE("what would not end in time is not started, and what runs may end") {
  Bench bench(10, 2, with_gate(1), half_over());
  bench.all_ready(2);
  bench.end_run(0, 0, RunEnd::complete, seconds(8));
  CHECK(bench.talk.of(Kind::drain).size() == 2);
  CHECK(bench.talk.of(Kind::assign).size() == 2);
  CHECK(bench.talk.of(Kind::stop).empty());
  CHECK_FALSE(bench.coordinator().is_over());
  bench.end_run(1, 1, RunEnd::failed);
  CHECK_FALSE(bench.failures.at(0).will_retry);
  CHECK(bench.coordinator().is_over());
  const auto result = bench.coordinator().finish();
  CHECK(result.gated);
  CHECK(result.stopped);
  CHECK_FALSE(result.by_order);
  CHECK_FALSE(result.abandoned);
  CHECK(result.counts.completed == 1);
  CHECK(result.counts.pending == 8);
  REQUIRE(bench.events.size() == 1);
  CHECK_THAT(bench.events[0], ContainsSubstring("runs take about 8 s: nothing more is started"));
}

TEST_CASE("what will end in time is started") {
  Bench bench(10, 1, with_gate(), half_over());
  bench.all_ready(1);
  bench.end_run(0, 0, RunEnd::complete, seconds(2));
  CHECK(bench.talk.of(Kind::drain).empty());
  CHECK(bench.assigned(0) == std::vector<IndexRange>{{1, 1, 1}});
}

TEST_CASE("where everything has begun the gate has nothing to say") {
  Bench bench(2, 2, with_gate(), half_over());
  bench.all_ready(2);
  bench.end_run(0, 0, RunEnd::complete, seconds(8));
  CHECK(bench.talk.of(Kind::drain).empty());
  bench.end_run(1, 1, RunEnd::complete, seconds(8));
  CHECK(bench.coordinator().is_over());
  const auto result = bench.coordinator().finish();
  CHECK_FALSE(result.gated);
  CHECK_FALSE(result.stopped);
  CHECK(bench.events.empty());
}

TEST_CASE("runs that no job has the time for are started, and that is said once") {
  Bench bench(10, 1, with_gate(), half_over());
  bench.all_ready(1);
  bench.end_run(0, 0, RunEnd::complete, seconds(30));
  bench.end_run(0, 1, RunEnd::complete, seconds(30));
  CHECK(bench.talk.of(Kind::drain).empty());
  CHECK(bench.assigned(0) == std::vector<IndexRange>{{2, 1, 1}});
  REQUIRE(bench.events.size() == 1);
  CHECK_THAT(bench.events[0], ContainsSubstring("runs take about 30 s and a job like this"));
}
