#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "malet/options.hpp"

namespace CLI {
class App;
}

/// Flags whose values have a form of their own.
namespace malet::cli {

/// `--halt fail=N` or `fail=P%`.
void add_halt(CLI::App& app, Halt& halt);
/// `--run-timeout DUR` or `N%`, of the median run.
void add_run_timeout(CLI::App& app, RunTimeout& timeout);
/// `--flag SIZE`, as 512M or 8G.
void add_size(CLI::App& app, const std::string& flag, std::optional<std::uint64_t>& bytes,
              const std::string& help);

}  // namespace malet::cli
