#include <future>
#include <thread>

#include "catch.hpp"
#include "sweep/channel/local_channel.hpp"
#include "sweep/job/coordinator.hpp"
#include "sweep/job/job.hpp"
#include "temp_folder.hpp"

using namespace malet;
using namespace malet::sweep;
using malet::test::TempFolder;

namespace {

/// A coordinator in a thread; the test plays its workers.
class Talk {
 public:
  Talk(std::size_t workers, Schedule schedule) : exchange_(static_cast<int>(workers) + 1) {
    for (std::size_t i = 0; i <= workers; ++i) ends_.push_back(exchange_.end(static_cast<int>(i)));
    result_ = std::async(std::launch::async, [this, workers, schedule] {
      Recorder recorder(logs(), {});
      Coordinator::Settings settings;
      settings.workers = workers;
      settings.counts.total = settings.counts.pending = configs_.size();
      const std::chrono::duration<double> grace(20);
      return Coordinator(*ends_[0], scheduler(workers, schedule), recorder,
                         StopPolicy(StopPolicy::Clock::now(), {}, grace, false), settings)
          .run();
    });
  }

  void say(std::size_t worker, std::string message) { ends_[worker]->send(0, std::move(message)); }

  /// The next message of that kind to a worker; empty when none comes within 5 s.
  std::string hear(std::size_t worker, MessageKind kind) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (std::chrono::steady_clock::now() < end) {
      const auto envelope = ends_[worker]->try_receive();
      if (envelope && kind_of(envelope->message) == kind) return envelope->message;
      if (!envelope) ends_[worker]->wait(std::chrono::milliseconds(10));
    }
    return {};
  }

  /// Gives all back and stops, as a worker does on a signal.
  void stop(std::size_t worker, const std::string& assigned) {
    say(worker, encode_ranges(MessageKind::returned, decode_ranges(assigned)));
    say(worker, encode(MessageKind::stopped));
  }

  Coordinator::Result result() { return result_.get(); }
  [[nodiscard]] const TempFolder& folder() const { return folder_; }

 private:
  [[nodiscard]] std::vector<LogWriter> logs() const {
    std::vector<LogWriter> writers;
    writers.emplace_back(new_log(configs_, {}, folder_.path() / "log.tsv"),
                         std::vector<std::uint64_t>(), configs_, "");
    return writers;
  }
  [[nodiscard]] Scheduler scheduler(std::size_t workers, Schedule schedule) const {
    if (schedule == Schedule::dynamic) return {WorkList(configs_, {}, false, false), workers};
    std::vector<WorkList> lists;
    for (std::size_t i = 0; i < workers; ++i) {
      lists.emplace_back(configs_.split(workers, i), WorkList::Known(), false, false);
    }
    return Scheduler(std::move(lists));
  }

  TempFolder folder_;
  ConfigIter configs_ = ConfigIter::from_text("grid: {seed: [i;0:1:10]}");
  LocalExchange exchange_;
  std::vector<std::unique_ptr<Channel>> ends_;
  std::future<Coordinator::Result> result_;
};

}  // namespace

TEST_CASE("a worker that a signal stopped alone ends a static job for all") {
  Talk talk(2, Schedule::fixed);
  talk.say(1, encode(MessageKind::ready));
  talk.say(2, encode(MessageKind::ready));
  talk.stop(1, talk.hear(1, MessageKind::assign));
  const std::string assigned = talk.hear(2, MessageKind::assign);
  CHECK_FALSE(talk.hear(2, MessageKind::stop).empty());
  talk.stop(2, assigned);
  const auto result = talk.result();
  CHECK(result.stopped);
  CHECK_FALSE(result.abandoned);
}

TEST_CASE("a dynamic job goes on without a worker that a signal stopped alone") {
  Talk talk(2, Schedule::dynamic);
  talk.say(1, encode(MessageKind::ready));
  talk.stop(1, talk.hear(1, MessageKind::assign));
  // What was on its way to it comes back as well.
  talk.say(1,
           encode_ranges(MessageKind::returned, decode_ranges(talk.hear(1, MessageKind::assign))));
  talk.say(2, encode(MessageKind::ready));
  for (int left = 10; left > 0;) {
    std::string batch;
    for (const IndexRange& range : decode_ranges(talk.hear(2, MessageKind::assign))) {
      for (std::uint64_t i = 0; i < range.count; ++i, --left) {
        RunRecord record;
        record.index = range.first + i * range.step;
        append_record(batch, record);
      }
    }
    REQUIRE_FALSE(batch.empty());
    talk.say(2, batch);
  }
  CHECK(talk.result().counts.completed == 10);
}

TEST_CASE("the log shows what runs before anything has ended") {
  Talk talk(1, Schedule::dynamic);
  talk.say(1, encode(MessageKind::ready));
  const std::string assigned = talk.hear(1, MessageKind::assign);
  const auto log = talk.folder().path() / "log.tsv";
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(6);
  while (!std::filesystem::exists(log) && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  const bool shown = std::filesystem::exists(log);
  CHECK(shown);
  if (shown) CHECK(ExperimentLog::from_tsv(log).df().text(0, "status") == "R");
  talk.stop(1, assigned);
  CHECK(talk.result().stopped);
}
