// What starting /bin/true RUNS times, two at a time, takes without us.
//   bench_spawn_peer bare|xargs|parallel RUNS
// bare: posix_spawn and waitpid in a loop. The others are started as a user would.

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <string>

namespace {

bool start() {
  char program[] = "/bin/true";
  char* arguments[] = {program, nullptr};
  pid_t pid = 0;
  return ::posix_spawn(&pid, program, nullptr, nullptr, arguments, environ) == 0;
}

void run_bare(int runs) {
  int started = 0;
  while (started < 2 && started < runs && start()) ++started;
  for (int ended = 0; ended < runs; ++ended) {
    if (::waitpid(-1, nullptr, 0) < 0) return;
    if (started < runs && start()) ++started;
  }
}

std::string shell_line(const std::string& peer, int runs) {
  const std::string numbers = fmt::format("seq {}", runs);
  if (peer == "xargs") return numbers + " | xargs -P 2 -n 1 /bin/true";
  return numbers + " | parallel -j 2 --joblog /dev/null /bin/true";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 64;
  const std::string peer = argv[1];
  const int runs = std::atoi(argv[2]);
  const auto begun = std::chrono::steady_clock::now();
  if (peer == "bare") {
    run_bare(runs);
  } else if (std::system(shell_line(peer, runs).c_str()) != 0) {
    return 1;
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begun;
  fmt::print("{{\"runs\": {}, \"seconds\": {}}}\n", runs, seconds.count());
  return 0;
}
