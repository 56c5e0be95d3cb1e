// What an executable around malet::main does as a host or a guardian, with functions that
// misbehave, and without the rooms that its other commands need.
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "exec/host/host_main.hpp"
#include "exec/process/guardian.hpp"
#include "malet/registry.hpp"

namespace {

malet::Metrics behave(const malet::Config& config, malet::Run& run) {
  const auto how = config.get<std::string>("how");
  if (how == "report") {
    for (auto step = run.next_step(); step < 3; ++step) run.report({{"loss", step}});
    return {{"acc", 0.5}};
  }
  if (how == "throw") throw std::runtime_error("no such data");
  if (how == "throw int") throw 1;
  if (how == "exit") std::exit(3);
  if (how == "abort") std::abort();
  if (how == "print") std::cout << "out\n" << std::flush, std::cerr << "err\n";
  if (how == "wait") {
    run.report({{"waits", 1}});
    while (!run.should_stop()) ::usleep(1000);
    return {{"waited", true}};
  }
  if (how == "hang") {
    run.report({{"hangs", 1}});
    for (;;) ::pause();
  }
  if (how == "dir") return {{"dir", run.dir().string()}};
  return {{"pid", ::getpid()}};
}

}  // namespace

MALET_EXPERIMENT("behave", behave);

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + std::min(argc, 2), argv + argc);
  if (argc < 2) return 2;
  if (argv[1] == malet::exec::host_argument) return malet::exec::host_main(arguments);
  if (argv[1] == malet::exec::guardian_argument) return malet::exec::guardian_main(arguments);
  return 2;
}
