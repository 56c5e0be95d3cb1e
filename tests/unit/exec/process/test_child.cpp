#include <fcntl.h>
#include <sys/wait.h>

#include <filesystem>
#include <system_error>

#include "catch.hpp"
#include "exec/process/child.hpp"
#include "process_help.hpp"
#include "temp_folder.hpp"

using namespace malet;
using namespace malet::exec;
using malet::test::eventually;
using malet::test::is_alive;
using malet::test::shell;
using malet::test::TempFolder;

namespace {

/// A child whose stdout goes to the file `out` of a folder.
class Shell {
 public:
  explicit Shell(const std::string& script, ChildSpec spec = {}) {
    const malet::base::Descriptor out(
        ::open((folder.path() / "out").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    spec.arguments = shell(script);
    spec.environment = test::plain_environment();
    spec.out = out.get();
    child.emplace(spec);
  }

  std::string output() {
    child->wait();
    return folder.read("out");
  }
  /// The number that the child writes on its first line.
  pid_t number() {
    (void)eventually([&] { return folder.read("out").find('\n') != std::string::npos; });
    return std::stoi(folder.read("out"));
  }

  TempFolder folder;
  std::optional<Child> child;
};

}  // namespace

TEST_CASE("a child's exit code is known, again and again") {
  Shell shell("exit 3");
  CHECK(shell.child->wait().code == 3);
  CHECK_FALSE(shell.child->wait().by_signal);
  REQUIRE(shell.child->poll());
  CHECK(shell.child->poll()->code == 3);
}

TEST_CASE("a child's signal is known") {
  Shell shell("kill -SEGV $$");
  const ChildEnd& end = shell.child->wait();
  CHECK(end.by_signal);
  CHECK(end.code == SIGSEGV);
}

TEST_CASE("a child that runs has no end yet, and its descriptor tells when it has") {
  Shell shell("read x; exit 1; sleep 100");
  // stdin is /dev/null, so it ends at once.
  pollfd polled{shell.child->end_descriptor(), POLLIN, 0};
  if (polled.fd >= 0) CHECK(::poll(&polled, 1, 20'000) == 1);
  CHECK(eventually([&] { return shell.child->poll().has_value(); }));
  Shell sleeper("sleep 100");
  CHECK_FALSE(sleeper.child->poll());
}

TEST_CASE("a program that is not there or is no program cannot be started") {
  const TempFolder folder;
  ChildSpec spec;
  spec.environment = test::plain_environment();
  spec.arguments = {"malet-no-such-program"};
  CHECK_THROWS_AS(Child(spec), std::system_error);
  spec.arguments = {folder.write("data", "x").string()};
  CHECK_THROWS_AS(Child(spec), std::system_error);
}

TEST_CASE("a child gets its environment and nothing else") {
  const TempFolder folder;
  const malet::base::Descriptor out(
      ::open((folder.path() / "out").c_str(), O_WRONLY | O_CREAT, 0600));
  ChildSpec spec;
  spec.arguments = {"/usr/bin/env"};
  spec.environment = {"A=1", "B=two words"};
  spec.out = out.get();
  Child(spec).wait();
  CHECK(folder.read("out") == "A=1\nB=two words\n");
}

TEST_CASE("a child leads a group of its own") {
  Shell shell("ps -o pgid= -p $$ || cut -d' ' -f5 /proc/$$/stat");
  const pid_t pid = shell.child->pid();
  CHECK(std::stoi(shell.output()) == pid);
}

TEST_CASE("a child with a session of its own leads it") {
  ChildSpec spec;
  spec.own_session = true;
  Shell shell("cut -d' ' -f6 /proc/$$/stat", spec);
  const pid_t pid = shell.child->pid();
  CHECK(std::stoi(shell.output()) == pid);
}

TEST_CASE("signals that Slurm sends to all processes do not end a child, others do") {
  ::signal(SIGTERM, SIG_IGN);  // what the rank ignores is no child's business
  Shell shell("kill -USR1 $$; kill -USR2 $$; kill -XCPU $$; echo alive; kill -TERM $$; sleep 100");
  ::signal(SIGTERM, SIG_DFL);
  CHECK(shell.output() == "alive\n");
  CHECK(shell.child->wait().code == SIGTERM);
}

TEST_CASE("descriptors are passed on in order, and no others") {
  const TempFolder folder;
  const malet::base::Descriptor first(::open(folder.write("a", "from a").c_str(), O_RDONLY));
  const malet::base::Descriptor second(::open(folder.write("b", "from b").c_str(), O_RDONLY));
  ChildSpec spec;
  spec.inherited = {second.get(), first.get()};
  Shell shell("cat <&3; cat <&4; ls /proc/self/fd | wc -l", spec);
  // 0, 1, 2, 3, 4, and the one by which ls looks.
  CHECK(shell.output() == "from bfrom a6\n");
}

TEST_CASE("what is left of a group dies with its leader") {
  Shell shell("sleep 1000 & echo $!");
  const pid_t grandchild = shell.number();
  CHECK(shell.child->wait().code == 0);
  CHECK(eventually([&] { return !is_alive(grandchild); }));
}

TEST_CASE("a signal reaches the whole group") {
  Shell shell("sleep 1000 & echo $!; wait");
  const pid_t grandchild = shell.number();
  shell.child->signal_group(SIGTERM);
  CHECK(shell.child->wait().by_signal);
  CHECK(eventually([&] { return !is_alive(grandchild); }));
  shell.child->signal_group(SIGKILL);  // means nothing any more
}

TEST_CASE("a child that is destroyed is killed and collected") {
  Shell shell("sleep 1000 & echo $!; wait");
  const pid_t grandchild = shell.number();
  const pid_t pid = shell.child->pid();
  shell.child.reset();
  CHECK(::kill(pid, 0) != 0);
  CHECK(eventually([&] { return !is_alive(grandchild); }));
}

TEST_CASE("a child that takes another one's place ends the old one") {
  Shell first("sleep 1000");
  Shell second("exit 7");
  const pid_t old = first.child->pid();
  *first.child = std::move(*second.child);
  CHECK(::kill(old, 0) != 0);
  CHECK(first.child->wait().code == 7);
  Child moved(std::move(*first.child));
  CHECK(moved.wait().code == 7);
}

TEST_CASE("no descriptor is left over by children") {
  const auto count = [] {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return std::distance(begin(all), end(all));
  };
  const auto before = count();
  for (int i = 0; i < 20; ++i) Shell("exit 0").child->wait();
  CHECK(count() == before);
}

TEST_CASE("a child's memory is not mistaken for this process's own") {
  // The kernel has a child begin its books with the memory of who started it.
  std::vector<char> large(std::size_t{200} << 20U, 1);
  Shell shell("exit 0");
  const auto peak = shell.child->wait().peak_memory;
  CHECK(large.back() == 1);
  CHECK(peak < large.size() / 2);
}

TEST_CASE("CPU time of a child and of what it waited for is counted") {
  Shell shell("i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done");
  CHECK(shell.child->wait().cpu_seconds > 0);
}
