#include <sys/wait.h>

#include <algorithm>

#include "catch.hpp"
#include "exec/process/child.hpp"
#include "exec/process/guardian.hpp"
#include "exec/process/marked.hpp"
#include "process_help.hpp"

using namespace malet;
using namespace malet::exec;
using malet::test::eventually;
using malet::test::is_alive;

namespace {

Child marked_child(const std::string& mark, const std::string& script) {
  ChildSpec spec;
  spec.arguments = test::shell(script);
  spec.environment = {"PATH=/usr/bin:/bin", std::string(mark_variable) + "=" + mark};
  return Child(spec);
}

bool holds(const std::vector<pid_t>& pids, pid_t pid) {
  return std::find(pids.begin(), pids.end(), pid) != pids.end();
}

}  // namespace

TEST_CASE("processes are known by the beginning of their mark") {
  Child child = marked_child("unitmark1.3", "sleep 1000");
  // A program that has just been started has no environment for a moment.
  REQUIRE(eventually([&] { return is_marked(child.pid(), "unitmark1."); }));
  CHECK(is_marked(child.pid(), "unitmark1.3"));
  CHECK_FALSE(is_marked(child.pid(), "unitmark1.4"));
  CHECK_FALSE(is_marked(child.pid(), "mark1"));
  using namespace std::string_view_literals;
  CHECK(is_marked(child.pid(), "unitmark1.3\0"sv));
  CHECK_FALSE(is_marked(child.pid(), "unitmark1.\0"sv));
  CHECK(holds(marked_processes("unitmark1."), child.pid()));
  CHECK_FALSE(holds(marked_processes("unitmark2."), child.pid()));
  CHECK_FALSE(is_marked(1 << 30, "unitmark1."));
}

TEST_CASE("who took on a new session is found and killed by the mark") {
  Child child = marked_child("unitmark3.0", test::daemon_script());
  child.wait();
  std::vector<pid_t> found;
  REQUIRE(eventually([&] { return !(found = marked_processes("unitmark3.")).empty(); }));
  CHECK(kill_marked("unitmark3.") >= 1);
  CHECK_FALSE(is_alive(found[0]));
  CHECK(kill_marked("unitmark3.") == 0);
}

TEST_CASE("orphans become children of who adopts them, so that they can be collected") {
  adopt_orphans();
  pid_t orphan = 0;
  {
    Child child = marked_child("unitmark4.0", test::daemon_script());
    child.wait();
  }
  const auto find = [&] {
    const auto marked = marked_processes("unitmark4.");
    if (!marked.empty()) orphan = marked[0];
    return orphan != 0 && holds(children(), orphan);
  };
  REQUIRE(eventually(find));
  ::kill(orphan, SIGKILL);
  CHECK(::waitpid(orphan, nullptr, 0) == orphan);
  CHECK_FALSE(holds(children(), orphan));
}

TEST_CASE("children of this process are listed") {
  Child child = marked_child("unitmark5.0", "sleep 1000");
  CHECK(holds(children(), child.pid()));
}
