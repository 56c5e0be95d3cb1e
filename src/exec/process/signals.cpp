#include "exec/process/signals.hpp"

#include <array>
#include <atomic>
#include <csignal>

namespace malet::exec {

namespace {

constexpr std::array caught = {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU};

// Globals, since signal handlers reach nothing else; lock-free atomics are safe in them.
std::atomic<int> first_signal = 0;
std::atomic<int> signal_count = 0;
std::array<struct sigaction, caught.size()> before;
int watches = 0;

void note(int signal) {
  int none = 0;
  first_signal.compare_exchange_strong(none, signal);
  signal_count.fetch_add(1);
}

}  // namespace

SignalWatch::SignalWatch() {
  if (watches++ > 0) return;
  first_signal = 0;
  signal_count = 0;
  struct sigaction action {};
  action.sa_handler = note;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < caught.size(); ++i) ::sigaction(caught[i], &action, &before[i]);
}

SignalWatch::~SignalWatch() {
  if (--watches > 0) return;
  for (std::size_t i = 0; i < caught.size(); ++i) ::sigaction(caught[i], &before[i], nullptr);
}

std::optional<int> SignalWatch::first() {
  const int signal = first_signal;
  return signal == 0 ? std::nullopt : std::optional(signal);
}

int SignalWatch::count() {
  return signal_count;
}

}  // namespace malet::exec
