#include <algorithm>

#include "catch.hpp"
#include "exec/process/marked.hpp"
#include "fakes.hpp"
#include "process_help.hpp"
#include "sweep/rank/supervisor.hpp"
#include "temp_folder.hpp"

using namespace malet;
using namespace malet::sweep;
using Kind = MessageKind;
using malet::test::eventually;
using malet::test::is_alive;
using malet::test::TempFolder;

namespace {

/// A supervisor of slots that run a command, whose rank 0 is the test.
class SupervisorBench {
 public:
  explicit SupervisorBench(const std::string& command, std::size_t slots = 1,
                           const ExperimentOptions& options = {}) {
    ExperimentHost host;
    host.kind = ExperimentHost::Kind::command;
    host.command = command;
    Supervisor::Settings settings;
    settings.folder = folder.path();
    for (std::size_t i = 0; i < slots; ++i) settings.slots.push_back({"", {}, 2});
    supervisor.emplace(channel_, ConfigIter::from_text("grid: {a: [i;0:1:10]}"), host, options,
                       settings);
  }

  void tell(std::size_t slot, const std::string& message) {
    script_.arriving.push_back({0, with_slot(slot, message)});
  }
  void assign(std::size_t slot, std::uint64_t index) {
    tell(slot, encode_ranges(Kind::assign, {{index, 1, 1}}));
  }
  /// Turns until a slot has sent so many messages of a kind; gives them.
  std::vector<std::string> heard(std::size_t slot, Kind kind, std::size_t count = 1) {
    std::vector<std::string> found;
    CHECK(eventually([&] {
      if (!supervisor->turn()) supervisor->rest(std::chrono::milliseconds(2));
      found.clear();
      for (const auto& sent : script_.sent) {
        std::string message = sent.message;
        const auto from = has_slot(message) ? take_slot_number(message) : 0;
        if (from == slot && kind_of(message) == kind) found.push_back(message);
      }
      return found.size() >= count;
    }));
    return found;
  }
  RunRecord end_of(std::size_t slot) {
    BatchReader reader(batch_ = heard(slot, Kind::batch).back());
    RunRecord record;
    REQUIRE(reader.next(record));
    return record;
  }
  TempFolder folder;

 private:
  test::ChannelScript script_;
  test::FakeChannel channel_{script_};
  std::string batch_;

 public:
  std::optional<Supervisor> supervisor;
};

std::vector<pid_t> marked_children() {
  auto pids = exec::children();
  std::erase_if(pids, [](pid_t pid) { return !exec::is_marked(pid, ""); });
  return pids;
}

}  // namespace

TEST_CASE("slots run what they are assigned beside each other, with their share of the cores") {
  ::unsetenv("OMP_NUM_THREADS");
  SupervisorBench bench("sh -c 'echo $OMP_NUM_THREADS > {run_dir}/threads'", 2);
  for (const std::size_t slot : {0U, 1U}) (void)bench.heard(slot, Kind::ready);
  bench.assign(0, 3);
  bench.assign(1, 4);
  CHECK(bench.end_of(0).end == RunEnd::complete);
  CHECK(bench.end_of(1).index == 4);
  for (const int a : {3, 4}) {
    const std::string run_id = Config{{"a", a}}.run_id();
    CHECK(bench.folder.read("runs/" + run_id.substr(0, 2) + "/" + run_id + "/threads") == "2\n");
  }
}

TEST_CASE("a message to the rank as a whole reaches every slot") {
  SupervisorBench bench("true", 2);
  CHECK_FALSE(bench.supervisor->leave());
  bench.tell(0, encode_leave(ExitCode::complete));
  (void)bench.supervisor->turn();
  CHECK_FALSE(bench.supervisor->leave());
  bench.tell(1, encode_leave(ExitCode::complete));
  (void)bench.supervisor->turn();
  CHECK(bench.supervisor->leave() == ExitCode::complete);
}

TEST_CASE("what a run leaves behind in a session of its own is cleared up after it") {
  SupervisorBench bench(
      "sh -c 'setsid sh -c \"touch {run_dir}/up; sleep 1000\" & "
      "while [ ! -e {run_dir}/up ]; do sleep 0.01; done'");
  (void)bench.heard(0, Kind::ready);
  bench.assign(0, 0);
  (void)bench.heard(0, Kind::batch);
  CHECK(eventually([&] {
    (void)bench.supervisor->turn();
    return marked_children().empty();
  }));
}

TEST_CASE("clearing up after a slot leaves what the others have started alone") {
  // Slot 10 has a helper in a session of its own, which has lost its parent; slot 1 ends a run.
  SupervisorBench bench(
      "sh -c 'if [ {a} = 1 ]; then exit 0; fi; (setsid sleep 1000 &); sleep 1000'", 11);
  bench.assign(10, 0);
  std::vector<pid_t> running;
  CHECK(eventually([&] {
    (void)bench.supervisor->turn();
    return (running = marked_children()).size() == 2;
  }));
  bench.assign(1, 1);
  (void)bench.heard(1, Kind::batch);
  (void)bench.supervisor->turn();
  // A process that is just being replaced by exec shows no environment for a moment.
  CHECK(eventually([&] { return marked_children() == running; }));
}

TEST_CASE("a supervisor that goes leaves no process and no file behind") {
  const auto before = exec::children();
  const TempFolder place;
  ::setenv("TMPDIR", place.path().c_str(), 1);
  std::vector<pid_t> running;
  {
    SupervisorBench bench("sh -c 'setsid sleep 1000 & sleep 1000'");
    (void)bench.heard(0, Kind::ready);
    bench.assign(0, 0);
    CHECK(eventually([&] {
      (void)bench.supervisor->turn();
      return !(running = marked_children()).empty();
    }));
    CHECK_FALSE(place.files().empty());
  }
  ::unsetenv("TMPDIR");
  for (const pid_t pid : running) CHECK_FALSE(is_alive(pid));
  CHECK(exec::children() == before);
}
