#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "malet/value.hpp"

namespace malet::exec {

/// What a Run passes its calls on to: a worker, or a host. See Run for the meaning of each call.
class RunLink {
 public:
  virtual ~RunLink() = default;
  virtual void report(const Metrics& step) = 0;
  /// The length of the longest series in resume(), unless overridden.
  [[nodiscard]] virtual std::int64_t next_step();
  [[nodiscard]] virtual const Metrics& resume() = 0;
  [[nodiscard]] virtual bool should_stop() = 0;
  [[nodiscard]] virtual std::filesystem::path dir() = 0;
  [[nodiscard]] virtual std::string run_id() const = 0;
};

/// The text of the exception that is being handled, never empty: why an experiment function failed.
[[nodiscard]] std::string failure_text();

}  // namespace malet::exec
