#include "exec/host/host_main.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <system_error>
#include <utility>

#include "exec/function/run_link.hpp"
#include "exec/host/host_message.hpp"
#include "exec/host/line_socket.hpp"
#include "malet/error.hpp"
#include "malet/registry.hpp"
#include "malet/run.hpp"

// SIGTERM asks the run to return. A function that never calls should_stop() would not notice it, so
// SIGTERM kills the host then, as it does other programs.
namespace malet::exec {

namespace {

std::atomic<bool> told_to_stop = false;  // global, for the signal handler
std::atomic<bool> asks = false;

void take_stop_signal(int signal) {
  if (!asks.load()) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
    return;
  }
  told_to_stop.store(true);
}

void catch_stop_signals() {
  struct sigaction action {};
  action.sa_handler = take_stop_signal;
  action.sa_flags = SA_RESTART | SA_NODEFER;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGTERM, SIGINT}) ::sigaction(signal, &action, nullptr);
}

double cpu_seconds() {
  double sum = 0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    struct rusage usage {};
    ::getrusage(who, &usage);
    for (const timeval& time : {usage.ru_utime, usage.ru_stime}) {
      sum += static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    }
  }
  return sum;
}

class HostLink : public RunLink {
 public:
  HostLink(LineSocket& socket, const RunOrder& order) : socket_(socket), order_(order) {}

  void report(const Metrics& step) override {
    HostMessage message;
    message.kind = HostMessage::Kind::report;
    message.metrics = step;
    message.keep = keeps_;
    socket_.send(host_line(message));
  }
  const Metrics& resume() override {
    keeps_ = true;
    return order_.resume;
  }
  bool should_stop() override {
    asks.store(true);
    stopped_ = stopped_ || told_to_stop.load();
    return stopped_;
  }
  std::filesystem::path dir() override {
    std::filesystem::create_directories(order_.dir);
    return order_.dir;
  }
  std::string run_id() const override { return order_.run_id; }

  [[nodiscard]] bool keeps() const { return keeps_; }
  [[nodiscard]] bool stopped() const { return stopped_; }

 private:
  LineSocket& socket_;
  const RunOrder& order_;
  bool keeps_ = false;
  bool stopped_ = false;
};

HostMessage run_function(const ExpFunction& function, const RunOrder& order, LineSocket& socket) {
  HostLink link(socket, order);
  Run run(link);
  HostMessage message;
  static double before = cpu_seconds();  // next to none is used between two runs
  try {
    message.metrics = function(order.config, run);
    message.kind = HostMessage::Kind::done;
  } catch (...) {
    message.kind = HostMessage::Kind::failed;
    message.error = failure_text();
  }
  const double after = cpu_seconds();
  message.cpu_seconds = after - std::exchange(before, after);
  message.keep = link.keeps();
  message.stopped = link.stopped();
  return message;
}

void end_run() {
  std::cout.flush();
  std::fflush(nullptr);
  asks.store(false);
  told_to_stop.store(false);
}

std::optional<int> socket_descriptor() {
  const char* text = std::getenv("MALET_FD");
  int descriptor = -1;
  if (text != nullptr) std::from_chars(text, text + std::strlen(text), descriptor);
  if (descriptor < 0 || ::fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0) return std::nullopt;
  ::unsetenv("MALET_FD");
  return descriptor;
}

int forked_socket = -1;  // global, for the handler of fork

/// Processes that a function forks must not hold the socket: the rank would not see it close.
void close_in_forks(int descriptor) {
  forked_socket = descriptor;
  ::pthread_atfork(nullptr, nullptr, [] { ::close(forked_socket); });
}

void serve(LineSocket& socket, const ExpFunction& function) {
  socket.send(host_line(HostMessage{}));
  bool first = true;
  while (const auto line = socket.receive()) {
    const RankMessage message = parse_rank_message(*line, std::exchange(first, false));
    if (message.kind != RankMessage::Kind::run) continue;
    const HostMessage answer = run_function(function, message.order, socket);
    end_run();
    socket.send(host_line(answer));
  }
}

}  // namespace

int host_main(const std::vector<std::string>& arguments) {
  // A busy host does not see its socket close.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const auto descriptor = socket_descriptor();
  if (!descriptor) {
    std::cerr << "a host is started by malet-mpi, with MALET_FD in its environment\n";
    return static_cast<int>(ExitCode::bad_input);
  }
  catch_stop_signals();
  close_in_forks(*descriptor);
  LineSocket socket{base::Descriptor(*descriptor)};
  try {
    for (std::size_t i = 1; i < arguments.size(); ++i) load_plugin(arguments[i]);
    const std::string name = arguments.empty() ? std::string() : arguments.front();
    serve(socket, find_experiment(name));
  } catch (const std::exception& error) {
    std::cerr << "host: " << error.what() << "\n";
    return static_cast<int>(ExitCode::internal);
  }
  if (socket.state() == LineSocket::State::garbled) return static_cast<int>(ExitCode::internal);
  return 0;
}

}  // namespace malet::exec
