#include <fcntl.h>
#include <sys/socket.h>

#include "catch.hpp"
#include "exec/host/host_main.hpp"
#include "exec/host/host_message.hpp"
#include "exec/host/line_socket.hpp"
#include "exec/process/child.hpp"
#include "process_help.hpp"
#include "temp_folder.hpp"

using namespace malet;
using namespace malet::exec;

namespace {

/// A host program whose rank is the test.
class Rank {
 public:
  explicit Rank(bool has_socket = true) {
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    socket.emplace(malet::base::Descriptor(ends[0]));
    const malet::base::Descriptor theirs(ends[1]);
    const malet::base::Descriptor err(
        ::open((folder.path() / "err").c_str(), O_WRONLY | O_CREAT, 0600));
    ChildSpec spec;
    spec.arguments = {MALET_TEST_HOST, std::string(host_argument), ""};
    spec.environment = test::plain_environment(has_socket ? Variables{{"MALET_FD", "3"}}
                                                          : Variables{{"MALET_FD", ""}});
    spec.inherited = {theirs.get()};
    spec.err = err.get();
    child.emplace(spec);
  }

  test::TempFolder folder;
  std::optional<LineSocket> socket;
  std::optional<Child> child;
};

std::string order(const std::string& how, bool first) {
  RunOrder run;
  run.config = Config{{"how", how}};
  return run_line(run, {}, {}, first);
}

}  // namespace

TEST_CASE("a host says that it is ready first, and leaves when the rank closes the socket") {
  Rank rank;
  CHECK(rank.socket->receive() == R"({"type": "ready", "protocol": 1})");
  rank.socket.reset();
  CHECK(rank.child->wait().code == 0);
  CHECK_FALSE(rank.child->wait().by_signal);
}

TEST_CASE("a host without a rank says so") {
  Rank rank(false);
  CHECK(rank.child->wait().code == 2);
  CHECK_THAT(rank.folder.read("err"), ContainsSubstring("MALET_FD"));
}

TEST_CASE("a host that is told what no rank says leaves with 70") {
  const auto line = GENERATE(as<std::string>{}, "hello", R"({"type":"later"})", R"({"type":"run"})",
                             R"({"type":"run","config":{"how":""}})",
                             R"({"type":"run","config":{"how":""},"protocol":7})");
  Rank rank;
  (void)rank.socket->receive();
  rank.socket->send(line);
  CHECK(rank.child->wait().code == 70);
  CHECK_THAT(rank.folder.read("err"), ContainsSubstring("host: "));
}

TEST_CASE("a stop without a run means nothing") {
  Rank rank;
  (void)rank.socket->receive();
  rank.socket->send(order("", true));
  CHECK(parse_host_message(rank.socket->receive().value()).kind == HostMessage::Kind::done);
  rank.socket->send(stop_line("cancelled"));
  rank.socket->send(order("", false));
  const auto answer = parse_host_message(rank.socket->receive().value());
  CHECK(answer.kind == HostMessage::Kind::done);
  CHECK(answer.metrics.find("pid")->integer() == rank.child->pid());
  REQUIRE(answer.cpu_seconds);
  CHECK(*answer.cpu_seconds >= 0);
}
