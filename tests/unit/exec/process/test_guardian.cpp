#include <fcntl.h>
#include <sys/mman.h>

#include "catch.hpp"
#include "exec/process/guardian.hpp"
#include "exec/process/marked.hpp"
#include "process_help.hpp"
#include "temp_folder.hpp"

using namespace malet;
using namespace malet::exec;
using malet::test::eventually;
using malet::test::is_alive;
using malet::test::TempFolder;

namespace {

/// A guardian whose rank the test can have die: what Guardian does, with the pipe in the test's
/// hands.
class Rank {
 public:
  explicit Rank(const std::string& mark, const std::filesystem::path& scratch) {
    const malet::base::Descriptor table_file(::memfd_create("groups", MFD_CLOEXEC));
    REQUIRE(::ftruncate(table_file.get(), 2 * sizeof(int)) == 0);
    table = static_cast<int*>(
        ::mmap(nullptr, 2 * sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED, table_file.get(), 0));
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    const malet::base::Descriptor theirs(ends[0]);
    pipe = malet::base::Descriptor(ends[1]);
    ChildSpec spec;
    spec.arguments = {MALET_TEST_HOST, std::string(guardian_argument), mark, "2", scratch.string()};
    spec.environment = test::plain_environment();
    spec.inherited = {theirs.get(), table_file.get()};
    spec.own_session = true;
    guardian.emplace(spec);
  }
  ~Rank() { ::munmap(table, 2 * sizeof(int)); }

  int* table = nullptr;
  malet::base::Descriptor pipe;
  std::optional<Child> guardian;
};

Child sleeper(const std::string& mark, const std::string& script = "sleep 1000") {
  ChildSpec spec;
  spec.arguments = test::shell(script);
  spec.environment = {"PATH=/usr/bin:/bin", std::string(mark_variable) + "=" + mark};
  return Child(spec);
}

}  // namespace

TEST_CASE("when the rank is gone its groups die, and what carries its mark, and its scratch") {
  const TempFolder folder;
  const auto scratch = folder.path() / "scratch";
  std::filesystem::create_directories(scratch / "slot0");
  Rank rank("unitguard1.", scratch);
  Child grouped = sleeper("other.0");  // known by its group alone
  Child stranger = sleeper("unitguard10.0");
  Child runaway = sleeper("unitguard1.1", test::daemon_script());
  runaway.wait();
  std::vector<pid_t> marked;
  REQUIRE(eventually([&] { return !(marked = marked_processes("unitguard1.")).empty(); }));
  rank.table[1] = grouped.pid();
  rank.pipe.close();
  CHECK(rank.guardian->wait().code == 0);
  CHECK(grouped.wait().code == SIGKILL);
  CHECK_FALSE(is_alive(marked[0]));
  CHECK(is_alive(stranger.pid()));
  CHECK_FALSE(std::filesystem::exists(scratch));
}

TEST_CASE("a rank that leaves in peace leaves everything as it is") {
  const TempFolder folder;
  Child child = sleeper("unitguard2.0");
  pid_t pid = 0;
  {
    Guardian guardian(MALET_TEST_HOST, "unitguard2.", 3, folder.path());
    pid = guardian.pid();
    guardian.set_group(2, child.pid());
    CHECK(is_alive(pid));
  }
  CHECK_FALSE(is_alive(pid));
  CHECK(is_alive(child.pid()));
  CHECK(std::filesystem::exists(folder.path()));
}

TEST_CASE("a guardian that was killed does not take the rank with it") {
  Guardian guardian(MALET_TEST_HOST, "unitguard4.", 1, {});
  ::kill(guardian.pid(), SIGKILL);
  CHECK(eventually([&] { return !is_alive(guardian.pid()); }));
  guardian.set_group(0, 0);
}

TEST_CASE("signals that end a job do not end its guardian") {
  Guardian guardian(MALET_TEST_HOST, "unitguard3.", 1, {});
  // It ignores them once it is up; then the terminal's and the launcher's signals are nothing to
  // it.
  REQUIRE(eventually([&] {
    std::ifstream status("/proc/" + std::to_string(guardian.pid()) + "/status");
    const std::string text{std::istreambuf_iterator<char>(status), {}};
    const auto at = text.find("SigIgn:\t");
    if (at == std::string::npos) return false;
    const auto ignored = std::stoull(text.substr(at + 8, 16), nullptr, 16);
    return ((ignored >> (SIGPIPE - 1)) & 1U) != 0;
  }));
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) ::kill(guardian.pid(), signal);
  ::usleep(5000);
  CHECK(is_alive(guardian.pid()));
}

TEST_CASE("a guardian that is started by hand leaves") {
  CHECK(guardian_main({}) == 2);
  CHECK_THROWS_AS(Guardian("/no/such/program", "m.", 1, {}), std::system_error);
}
