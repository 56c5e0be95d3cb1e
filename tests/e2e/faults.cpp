// Experiment functions that end in every way but a good one, as a plug-in.

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "malet/malet.hpp"

namespace {

using malet::Config;
using malet::Metrics;
using malet::Run;

/// The host's socket to the rank, which no function has any business with.
int find_socket() {
  for (int descriptor = 3; descriptor < 64; ++descriptor) {
    struct stat about {};
    if (::fstat(descriptor, &about) == 0 && S_ISSOCK(about.st_mode)) return descriptor;
  }
  throw std::runtime_error("no socket was found");
}

void say(const std::string& bytes) {
  const int socket = find_socket();
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t got = ::send(socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (got <= 0) return;
    sent += static_cast<std::size_t>(got);
  }
}

void sleep_for_long() {
  for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
}

void loop_for_ever() {
  volatile bool forever = true;
  while (forever) {
  }
}

/// Holds so many MiB for a moment.
void hold(std::size_t mebibytes, int milliseconds) {
  std::vector<char> memory(mebibytes << 20U);
  for (std::size_t i = 0; i < memory.size(); i += 4096) memory[i] = static_cast<char>(i);
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
  if (memory[4096] == 1) std::puts("");  // so that nothing of this is left out
}

/// Far more than any limit of these tests, and quickly: all pages by one call.
void hold_a_lot() {
  constexpr std::size_t size = std::size_t{512} << 20U;
  constexpr int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE;
  void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, flags, -1, 0);
  if (memory == MAP_FAILED) throw std::runtime_error("no memory");
  sleep_for_long();
}

/// Leaves a process behind in a session of its own, whose parent has ended.
void leave_a_daemon(const Config& config) {
  const auto trace = config.get<std::string>("trace");
  if (::fork() != 0) {
    while (!std::ifstream(trace)) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return;
  }
  ::setsid();
  if (::fork() != 0) ::_exit(0);
  std::ofstream(trace + ".new") << ::getpid() << "\n";
  std::rename((trace + ".new").c_str(), trace.c_str());
  sleep_for_long();
}

/// Appends a line to the file that this field names: the seed, and which process it is.
void tell_start(const Config& config, const char* field) {
  const auto trace = config.get<std::string>(field, "");
  if (trace.empty()) return;
  std::ofstream(trace, std::ios::app) << config.get<int>("seed") << " " << ::getpid() << "\n"
                                      << std::flush;
}

/// Waits until as many processes have told their start as the file `together` says.
void wait_for_the_others(const Config& config) {
  const auto together = config.get<std::string>("together", "");
  if (together.empty()) return;
  std::size_t wanted = 0;
  std::ifstream(together) >> wanted;
  for (std::set<int> processes; processes.size() < wanted;) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    std::ifstream trace(config.get<std::string>("trace"));
    for (int seed = 0, process = 0; trace >> seed >> process;) processes.insert(process);
  }
}

Metrics fault(const Config& config, Run& run) {
  const auto what = config.get<std::string>("what");
  if (what == "segfault") std::raise(SIGSEGV);
  if (what == "abort") std::abort();
  if (what == "exit") std::exit(3);
  if (what == "exit0") std::exit(0);
  if (what == "throw") throw std::runtime_error("this one throws");
  if (what == "throw_int") throw 7;
  if (what == "hang") loop_for_ever();
  if (what == "stubborn") {
    std::signal(SIGTERM, SIG_IGN);
    tell_start(config, "begun");
    sleep_for_long();
  }
  if (what == "memory") hold_a_lot();
  if (what == "close") {
    ::close(find_socket());
    sleep_for_long();
  }
  if (what == "garbage") {
    say("{\"type\": \"no such thing\"}\n");
    sleep_for_long();
  }
  if (what == "bytes") {
    say(std::string("\0\xff\xfe no json\n", 12));
    sleep_for_long();
  }
  if (what == "long_line") {
    for (int i = 0; i < 100; ++i) say(std::string(std::size_t{1} << 20U, 'x'));
    sleep_for_long();
  }
  if (what == "daemon") leave_a_daemon(config);
  if (what == "clash") return {{"seed", 1}};
  if (what == "report_clash") run.report({{"seed", 1}});
  if (what == "not_a_number") return {{"result", std::numeric_limits<double>::quiet_NaN()}};
  if (what == "infinite") return {{"result", -std::numeric_limits<double>::infinity()}};
  if (what == "touch") hold(100, 300);
  if (what == "stderr") {
    std::fprintf(stderr, "%s\n", std::string(5000, 'e').c_str());
    std::fprintf(stderr, "the last words\n");
    throw std::runtime_error("it wrote a lot");
  }
  return {{"result", config.get<int>("seed")}};
}

/// Sleeps as long as its config says, and tells who it is.
Metrics place(const Config& config, Run& run) {
  const auto until =
      std::chrono::steady_clock::now() + std::chrono::milliseconds(config.get<int>("sleep_ms", 0));
  tell_start(config, "trace");
  wait_for_the_others(config);
  while (std::chrono::steady_clock::now() < until) {
    if (config.get<bool>("asks", true) && run.should_stop()) return {};
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  if (config.get<int>("fail_below", 0) > config.get<int>("seed")) {
    throw std::runtime_error("below");
  }
  std::printf("printed by %d\n", static_cast<int>(config.get<int>("seed")));
  return {{"result", config.get<int>("seed")}, {"pid", static_cast<int>(::getpid())}};
}

}  // namespace

MALET_EXPERIMENT("fault", fault);
MALET_EXPERIMENT("place", place);
